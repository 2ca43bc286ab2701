using System.Reflection;
using Gateway.Links;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Protocol;

public sealed class LinkProtocolTests
{
    private static readonly string _protocol = File.ReadAllText(Path.Combine(SourceTree.Root, "gateway", "Links", "PROTOCOL.md"));

    [Fact]
    public void Document_HasTheNumberOfEachFrame()
    {
        var types = typeof(LinkCodec).GetNestedType("FrameType", BindingFlags.NonPublic)!;
        var documented = Rows(_protocol, "## Frames").Select(row => (row[0], row[1])).ToList();

        documented.ShouldBe(Enum.GetValues(types).Cast<object>().Select(type => (((byte)type).ToString(), $"`{type}`")));
    }

    [Fact]
    public void Document_HasTheNumberAndTheCauseOfEachRefusal()
    {
        var documented = Rows(_protocol, "## Refusal codes").Select(row => (row[0], row[1], row[3])).ToList();

        documented.ShouldBe(Enum.GetValues<RefusalCode>().Select(code => (((byte)code).ToString(), $"`{code}`", $"`{CauseOf(code)}`")));
    }

    [Fact]
    public void Document_HasTheNumberOfEachCause() =>
        Rows(_protocol, "## Causes").Select(row => (row[0], row[1]))
            .ShouldBe(Enum.GetValues<LinkCause>().Select(cause => (((byte)cause).ToString(), $"`{cause}`")));

    [Fact]
    public void Document_HasTheNumberOfEachFrameOfAProbe() =>
        Rows(_protocol, "## Probes").Select(row => (row[0], row[1]))
            .ShouldBe(Enum.GetValues(typeof(ProbeCodec).GetNestedType("FrameType", BindingFlags.NonPublic)!).Cast<object>()
                .Select(type => (((byte)type).ToString(), $"`{type}`")));

    [Fact]
    public void Document_HasTheLimitsOfProbes()
    {
        var probes = string.Join(' ', _protocol[_protocol.IndexOf("## Probes", StringComparison.Ordinal)..]
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

        probes.ShouldContain($"{PeerProbes.ProbesMax} probes at once, {PeerProbes.ProbesPerPeerMax} of one peer");
        probes.ShouldContain($"and padding {ProbeCodec.PadBytesMax:N0};");
        probes.ShouldContain($"int32, 0 to {ProbeCodec.SilentMsMax:N0} |");
        (PeerProbe.TimeMax, PeerProbe.BytesMax, PeerProbe.WaitingBytesMax).ShouldBe((TimeSpan.FromMinutes(1), 1L << 30, 1 << 20));
        probes.ShouldContain("a minute for each, beside its announced silence; 1 GiB of padding, both ways together; 1 MiB of answers");
    }

    [Fact]
    public void Document_HasTheVersionAndTheLimits()
    {
        _protocol.ShouldStartWith($"# The protocol between gateways, version {LinkCodec.Version}");
        _protocol.ShouldContain($"at most {LinkSettings.BatchBytesMax:N0};");
    }

    private static LinkCause CauseOf(RefusalCode code)
    {
        var bench = new LinkBench();
        bench.Link.Start();
        bench.Link.OnConnected();
        bench.Link.OnFrame(new LinkFrame.Refused(code, "no"));
        return bench.Link.Status.Cause;
    }

    /// <summary>The cells of the first table under a heading, without its head.</summary>
    private static IEnumerable<string[]> Rows(string document, string heading) =>
        document[document.IndexOf(heading, StringComparison.Ordinal)..]
        .Split('\n')
        .SkipWhile(line => !line.StartsWith('|'))
        .TakeWhile(line => line.StartsWith('|'))
        .Skip(2)
        .Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries));
}
