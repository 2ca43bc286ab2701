using Gateway.Http.Views;

namespace Gateway.Cli.Operator;

/// <summary>What an act on messages would hit.</summary>
/// <param name="Messages">How many.</param>
/// <param name="First">The first few of them.</param>
internal sealed record HitsView(long Messages, IReadOnlyList<EntryView> First);
