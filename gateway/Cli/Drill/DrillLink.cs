using System.Text.Json;
using Gateway.Links;

namespace Gateway.Cli.Drill;

/// <summary>What a gateway says of the link that is drilled (the reply to STATUS of a link, see client/Wire/PROTOCOL.md).</summary>
/// <param name="Now">By the gateway's clock, which the history goes by.</param>
/// <param name="DrillEnabled">Whether it allows drills.</param>
internal sealed record DrillLink(DateTimeOffset Now, bool DrillEnabled, DrillLink.Brief Link, IReadOnlyList<LinkChange> History)
{
    public bool IsUp => Link.State == "up";

    public static DrillLink Parse(string json) =>
        JsonSerializer.Deserialize<DrillLink>(json, LinkHistory.Json)
            ?? throw new CommandLineException(ExitCode.Failed, "The gateway's answer is empty.");

    /// <summary>State, and the cause if there is one.</summary>
    public string Describe() => Link.Cause is null ? Link.State : $"{Link.State} ({Link.Cause}: {Link.Evidence})";

    internal sealed record Brief(string State, string? Cause, string Evidence);
}
