using System.CommandLine;
using Gateway.Store.Browsing;

namespace Gateway.Cli.Shell;

/// <summary>A verb's options for choosing messages.</summary>
internal sealed class BrowseOptions
{
    private readonly Option<string?> _id = new("--id") { Description = "The message id, or what it begins with.", HelpName = "ID" };
    private readonly Option<TimeSpan?> _olderThan = Time("--older-than", "Accepted longer ago than this");
    private readonly Option<TimeSpan?> _newerThan = Time("--newer-than", "Accepted at most this long ago");
    private readonly Option<Dictionary<string, string>> _headers = HeaderOption.Create();
    private readonly Option<string?> _source = new("--source") { Description = "The gateway that accepted it.", HelpName = "NAME" };
    private readonly Option<long?> _sizeMin = new("--size-min")
    { Description = "Only messages whose headers and body have at least this many bytes.", HelpName = "BYTES" };
    private readonly Option<long?> _sizeMax = new("--size-max")
    { Description = "Only messages whose headers and body have at most this many bytes.", HelpName = "BYTES" };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _id, _olderThan, _newerThan, _headers, _source, _sizeMin, _sizeMax })
            command.Options.Add(option);
    }

    public BrowseFilter Read(ParseResult parsed, DateTimeOffset now) => new()
    {
        IdPrefix = parsed.GetValue(_id)?.ToLowerInvariant() ?? "",
        AcceptedBeforeUnixMs = parsed.GetValue(_olderThan) is { } older ? (now - older).ToUnixTimeMilliseconds() : long.MaxValue,
        AcceptedFromUnixMs = parsed.GetValue(_newerThan) is { } newer ? (now - newer).ToUnixTimeMilliseconds() : long.MinValue,
        Headers = parsed.GetValue(_headers) ?? [],
        Source = parsed.GetValue(_source),
        SizeMin = parsed.GetValue(_sizeMin) ?? 0,
        SizeMax = parsed.GetValue(_sizeMax) ?? long.MaxValue,
    };

    private static Option<TimeSpan?> Time(string name, string description) => new(name)
    {
        Description = $"{description}, {Duration.Forms}.",
        HelpName = "TIME",
        CustomParser = result => Duration.Parse(result),
    };
}
