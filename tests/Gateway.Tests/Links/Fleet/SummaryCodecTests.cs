using CsCheck;
using Gateway.Links.Causes;
using Gateway.Links.Fleet;
using Gateway.Links.Protocol;
using Gateway.Store.Messages;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Fleet;

/// <summary>The summary of a gateway, as bytes.</summary>
public sealed class SummaryCodecTests
{
    private const string Totals = "01" + "0300" + "312E30" + "E803000000000000" + "0500000000000000" + "03" + "01000000" + "02000000"
        + "0300000000000000" + "0400000000000000" + "FFFFFFFFFFFFFFFF" + "0500000000000000" + "0600000000000000" + "0700000000000000"
        + "0800000000000000" + "0900000000000000" + "0A00000000000000" + "0B00000000000000" + "0C00000000000000" + "0D00000000000000"
        + "D007000000000000" + "04000000" + "03000000" + "01" + "0100" + "61" + "02" + "02" + "0100000000000000" + "0200000000000000"
        + "0300000000000000";

    private static readonly Gen<WaitingSum> _waiting = Gen.Select(
        Gen.Long[0, GatewaySummary.NumberMax], Gen.Long[0, GatewaySummary.NumberMax], Gen.Long[-1, 1_000_000_000_000])
        .Select((messages, bytes, oldest) => new WaitingSum(messages, bytes, oldest < 0 ? null : oldest));

    private static readonly Gen<string> _name = Gen.Char["abcXYZ019._-"].Array[1, 63].Select(chars => $"a{new string(chars)}");
    private static readonly Gen<Condition> _condition = Gen.Int[0, 3].Select(condition => (Condition)condition);

    private static readonly Gen<LinkGlance> _link = Gen.Select(_name, Gen.Int[0, 3], Gen.Byte, _waiting)
        .Select((peer, state, cause, waiting) => new LinkGlance(peer, (LinkState)state, (LinkCause)cause, waiting));

    private static readonly Gen<QueueGlance> _queue = Gen.Select(_name, _name, Gen.Bool, _waiting).Select(
        (queue, peer, isInbound, waiting) => isInbound
            ? new QueueGlance(QueueKind.Inbound, queue, waiting)
            : new QueueGlance(QueueKind.Outgoing, $"{queue}@{peer}", waiting));

    private static readonly Gen<FindingGlance> _finding = Gen.Select(_condition, Gen.String[0, GatewaySummary.TextBytesMax / 3])
        .Select((condition, text) => new FindingGlance(condition, WithoutHalves(text)));

    private static readonly Gen<GatewaySummary> _summary = Gen.Select(
        Gen.Select(Gen.Bool, Gen.String[Gen.Char.AlphaNumeric, 0, GatewaySummary.VersionBytesMax], _condition, Gen.Int[0, int.MaxValue]),
        Gen.Long[0, GatewaySummary.NumberMax].Array[6],
        Gen.Select(Gen.Long[0, 253_402_300_799_999], Gen.Long[0, 1_000_000_000_000], _waiting, _waiting),
        Gen.Select(Gen.Bool, _link, _link.Array[0, GatewaySummary.LinksMax]),
        Gen.Select(_queue.Array[0, GatewaySummary.QueuesMax], _finding.Array[0, GatewaySummary.FindingsMax]))
        .Select((head, numbers, times, links, lists) => new GatewaySummary
        {
            Share = head.Item1 ? FleetShare.Everything : FleetShare.Totals,
            Version = head.Item2,
            Condition = head.Item3,
            Errors = head.Item4,
            Warnings = head.Item4 / 2,
            StartedUnixMs = times.Item1,
            CertificateUnixMs = times.Item1 / 2,
            AgeMs = times.Item2,
            Outgoing = times.Item3,
            Inbound = times.Item4,
            DeadLetters = numbers[0],
            Damaged = numbers[1],
            StoredBytes = numbers[2],
            StoredBytesMax = numbers[3],
            FreeBytes = numbers[4],
            FreeBytesMin = numbers[5],
            Links = head.Item4,
            LinksUp = head.Item4 / 3,
            Back = links.Item1 ? links.Item2 : null,
            Peers = head.Item1 ? links.Item3 : [],
            Queues = head.Item1 ? lists.Item1 : [],
            Findings = head.Item1 ? lists.Item2 : [],
        });

    private static readonly GatewaySummary _golden = new()
    {
        Share = FleetShare.Totals,
        Version = "1.0",
        StartedUnixMs = 1000,
        AgeMs = 5,
        Condition = Condition.Error,
        Errors = 1,
        Warnings = 2,
        Outgoing = new WaitingSum(3, 4, null),
        Inbound = new WaitingSum(5, 6, 7),
        DeadLetters = 8,
        Damaged = 9,
        StoredBytes = 10,
        StoredBytesMax = 11,
        FreeBytes = 12,
        FreeBytesMin = 13,
        CertificateUnixMs = 2000,
        Links = 4,
        LinksUp = 3,
        Back = new LinkGlance("a", LinkState.Down, LinkCause.Refused, new WaitingSum(1, 2, 3)),
    };

    [Fact]
    public void Encode_GivesTheGoldenBytes()
    {
        Convert.ToHexString(SummaryCodec.Encode(_golden)).ShouldBe(Totals);
        Convert.ToHexString(SummaryCodec.Encode(GatewaySummary.None)).ShouldBe("00");
    }

    [Fact]
    public void RoundTrip_AnySummary_GivesTheSame() => _summary.Sample(summary =>
    {
        var read = SummaryCodec.Decode(SummaryCodec.Encode(summary)).ShouldNotBeNull();

        SummaryCodec.Encode(read).ShouldBe(SummaryCodec.Encode(summary));
        (read with { Peers = [], Queues = [], Findings = [] }).ShouldBe(summary with { Peers = [], Queues = [], Findings = [] });
        read.Peers.ShouldBe(summary.Peers);
        read.Queues.ShouldBe(summary.Queues);
        read.Findings.ShouldBe(summary.Findings);
    });

    [Fact]
    public void Encode_TheLargestSummary_FitsIntoItsFrame()
    {
        var name = new string('n', 64);
        var waiting = new WaitingSum(1, 1, 1);
        var largest = _golden with
        {
            Share = FleetShare.Everything,
            Version = new string('v', 1000),
            Back = new LinkGlance(name, LinkState.Up, LinkCause.None, waiting),
            Peers = [.. Enumerable.Repeat(new LinkGlance(name, LinkState.Up, LinkCause.None, waiting), 100)],
            Queues = [.. Enumerable.Repeat(new QueueGlance(QueueKind.Outgoing, $"{name}@{name}", waiting), 100)],
            Findings = [.. Enumerable.Repeat(new FindingGlance(Condition.Error, new string('€', 1000)), 100)],
        };

        var bytes = SummaryCodec.Encode(largest);

        bytes.Length.ShouldBeLessThanOrEqualTo(LinkFrame.Summary.ContentBytesMax);
        SummaryCodec.Decode(bytes)!.Peers.Count.ShouldBe(GatewaySummary.LinksMax);
    }

    [Fact]
    public void Decode_CutAtEachByte_IsNone() => _summary.Sample(summary =>
    {
        var bytes = SummaryCodec.Encode(summary);
        for (var length = 0; length < bytes.Length; length++) SummaryCodec.Decode(bytes.AsSpan(0, length)).ShouldBeNull();
    }, iter: 20);

    [Fact]
    public void Decode_WithMoreThanThisVersionKnows_IsReadAsFarAsItDoes() => _summary.Sample(summary =>
    {
        var bytes = SummaryCodec.Encode(summary);

        SummaryCodec.Encode(SummaryCodec.Decode([.. bytes, 1, 2, 3])!).ShouldBe(bytes);
    });

    [Fact]
    public void Decode_AnyBytes_NeverThrowsAndNeverReadsWhatCannotBeShown() =>
        Gen.Select(_summary, Gen.Int[0, 100_000], Gen.Byte.Array[1, 8]).Sample((summary, at, noise) =>
        {
            var bytes = SummaryCodec.Encode(summary);
            noise.CopyTo(bytes.AsSpan(at % Math.Max(1, bytes.Length - noise.Length)));
            if (SummaryCodec.Decode(bytes) is not { } read) return;
            _ = Figures.Time(DateTimeOffset.FromUnixTimeMilliseconds(read.StartedUnixMs));
            _ = Figures.Span(TimeSpan.FromMilliseconds(read.AgeMs));
            read.Outgoing.Messages.ShouldBeInRange(0, GatewaySummary.NumberMax);
        });

    [Theory]
    [InlineData(0, 3)]
    [InlineData(6, -1)]
    [InlineData(22, 4)]
    [InlineData(31, -128)]
    [InlineData(143, 2)]
    [InlineData(147, 4)]
    public void Decode_WithAValueOutOfItsRange_IsNone(int at, int value)
    {
        var bytes = Convert.FromHexString(Totals);
        SummaryCodec.Decode(bytes).ShouldNotBeNull();
        for (var i = at; i < at + (value < 0 ? 8 : 1); i++) bytes[i] = (byte)value;

        SummaryCodec.Decode(bytes).ShouldBeNull();
    }

    /// <summary>Half of a pair cannot be written in UTF-8.</summary>
    private static string WithoutHalves(string text) => new([.. text.Where(c => !char.IsSurrogate(c))]);
}
