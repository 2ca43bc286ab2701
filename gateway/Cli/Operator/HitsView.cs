using Gateway.Http.Views;

namespace Gateway.Cli.Operator;

/// <summary>The messages that an action would affect.</summary>
/// <param name="Messages">The number of messages.</param>
/// <param name="First">The first few of them.</param>
internal sealed record HitsView(long Messages, IReadOnlyList<EntryView> First);
