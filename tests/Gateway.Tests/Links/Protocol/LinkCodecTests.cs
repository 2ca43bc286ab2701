using CsCheck;
using Gateway.Client;
using Gateway.Client.Wire;
using Gateway.Links.Protocol;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Protocol;

public sealed class LinkCodecTests
{
    private static readonly Gen<string> _name = Gen.Char["abcXYZ019"].Array[1, 64].Select(chars => new string(chars));
    private static readonly Gen<long> _time = Gen.Long[0, 253_402_300_799_999];

    private static readonly Gen<Message> _message = Gen.Select(Gen.Guid, _time, _time, _name, _name, Gen.Byte.Array[0, 50])
        .Select((id, enqueued, expires, source, header, body) => new Message
        {
            Id = new MessageId(id),
            EnqueuedUnixMs = enqueued,
            ExpiresUnixMs = expires,
            Source = source,
            Headers = HeadersJson.Write(new Dictionary<string, string> { [header] = source }),
            Body = body,
        });

    private static readonly Gen<GatewayIdentity> _identity = Gen.Select(_name, Gen.Guid, Gen.Guid, _time, Gen.Long[0, long.MaxValue])
        .Select((name, store, incarnation, started, run) => new GatewayIdentity(name, store, incarnation, started, run));

    private static readonly Gen<LinkLimits> _limits =
        Gen.Int[1, int.MaxValue].Array[4].Select(limits => new LinkLimits(limits[0], limits[1], limits[2]) { HeadersBytesMax = limits[3] });

    private static readonly Gen<LinkFrame> _frame = Gen.OneOf<LinkFrame>(
        Gen.Select(_identity, _name, _limits, _time)
            .Select(LinkFrame (from, to, limits, clock) => new LinkFrame.Hello(from, to, limits, clock)),
        Gen.Select(_identity, _limits, _time).Select(LinkFrame (from, limits, clock) => new LinkFrame.Welcome(from, limits, clock)),
        _name.Array[1, 5].Select(LinkFrame (queues) => new LinkFrame.Ask(queues)),
        Gen.Select(_name, Gen.Long[0, long.MaxValue], Gen.UInt).Select((queue, number, check) => new QueuePosition(queue, number, check))
            .Array[1, 5]
            .Select(LinkFrame (positions) => new LinkFrame.Positions(positions)),
        Gen.Select(Gen.Byte, Gen.String[Gen.Char.AlphaNumeric, 0, 1024])
            .Select(LinkFrame (code, text) => new LinkFrame.Refused((RefusalCode)code, text)),
        Gen.Select(_name, Gen.Long[0, 1000], Gen.Select(Gen.Long[1, 9], _message).Array[1, 5], Gen.Bool, Gen.UInt)
            .Select(LinkFrame (queue, previous, items, opens, check) => Batch(queue, previous, items) with
            { Opens = opens, PreviousCheck = check }),
        Gen.Select(_name, Gen.Long[0, long.MaxValue]).Select(LinkFrame (queue, number) => new LinkFrame.Ack(queue, number)),
        Gen.Select(_name, Gen.Long[0, long.MaxValue]).Select(LinkFrame (queue, number) => new LinkFrame.Resend(queue, number)),
        Gen.Select(_name, Gen.Long[0, long.MaxValue], Gen.Int[1, 3_600_000], Gen.Bool)
            .Select(LinkFrame (queue, number, wait, shared) => new LinkFrame.Full(queue, number, wait, "no room") { IsShared = shared }),
        Gen.Select(Gen.Byte, _time, Gen.String[Gen.Char.AlphaNumeric, 0, 1024])
            .Select(LinkFrame (cause, at, text) => new LinkFrame.LastEnd((LinkCause)cause, at, text)),
        Gen.Long.Select(LinkFrame (token) => new LinkFrame.Ping(token)),
        Gen.Select(Gen.Long, _time).Select(LinkFrame (token, clock) => new LinkFrame.Pong(token, clock)),
        Gen.Byte.Array[0, 300].Select(LinkFrame (content) => new LinkFrame.Summary(content)),
        Gen.Select(Gen.Guid, _name, _name, Gen.Byte.Array[32])
            .Select(LinkFrame (invitation, name, address, proof) => new LinkFrame.Join(invitation, name, address, proof)),
        Gen.Byte.Array[32].Select(LinkFrame (proof) => new LinkFrame.Joined(proof)),
        Gen.Const<LinkFrame>(new LinkFrame.Goodbye()));

    public static TheoryData<string> Golden => [.. GoldenLinkFrames.All.Keys];

    [Theory]
    [MemberData(nameof(Golden))]
    public void Encode_EachFrame_GivesTheGoldenBytes(string name) =>
        Convert.ToHexString(LinkCodec.Encode(GoldenLinkFrames.All[name].Frame)).ShouldBe(GoldenLinkFrames.All[name].Hex);

    [Theory]
    [MemberData(nameof(Golden))]
    public void TryDecode_GoldenBytes_GivesTheFrame(string name)
    {
        LinkCodec.TryDecode(Convert.FromHexString(GoldenLinkFrames.All[name].Hex), out var frame).ShouldBeTrue();

        frame.ShouldBeOfType(GoldenLinkFrames.All[name].Frame.GetType());
        Convert.ToHexString(LinkCodec.Encode(frame)).ShouldBe(GoldenLinkFrames.All[name].Hex);
    }

    [Fact]
    public void Golden_HasEachFrame() =>
        GoldenLinkFrames.All.Values.Select(golden => golden.Frame.GetType()).Distinct()
            .Count().ShouldBe(typeof(LinkFrame).GetNestedTypes().Count(type => type.IsSubclassOf(typeof(LinkFrame))));

    [Fact]
    public void RoundTrip_AnyFrame_GivesTheSameBytes() => _frame.Sample(frame =>
    {
        var bytes = LinkCodec.Encode(frame);

        LinkCodec.TryDecode(bytes, out var read).ShouldBeTrue();
        LinkCodec.Encode(read).ShouldBe(bytes);
    });

    [Fact]
    public void TryDecode_RandomBytes_NeverThrows() => Gen.Byte.Array[0, 200].Sample(bytes => DecodesOrNot(bytes));

    [Fact]
    public void TryDecode_MutatedFrames_NeverThrowsAndNeverReadsWhatCannotBeWritten() =>
        Gen.Select(_frame, Gen.Int[0, 100_000], Gen.Byte, Gen.Int[0, 3]).Sample((frame, at, noise, kind) =>
        {
            var bytes = LinkCodec.Encode(frame);
            at %= bytes.Length;
            byte[] mutated = kind switch
            {
                0 => bytes[..at],
                1 => [.. bytes, noise],
                2 => [.. bytes[..at], .. bytes[(at + 1)..]],
                _ => [.. bytes[..at], noise, .. bytes[(at + 1)..]],
            };
            DecodesOrNot(mutated);
        });

    [Fact]
    public void TryDecode_LyingLengths_AllocatesNothingByThem()
    {
        var frames = GoldenLinkFrames.All.Values.Select(golden => Convert.FromHexString(golden.Hex)).ToList();
        foreach (var frame in frames) DecodesOrNot(frame);

        foreach (var frame in frames)
        {
            for (var at = 0; at + 4 <= frame.Length; at++)
            {
                var lying = frame.ToArray();
                lying[at] = lying[at + 1] = lying[at + 2] = 0xFF;
                lying[at + 3] = 0x7F;
                var before = GC.GetAllocatedBytesForCurrentThread();
                LinkCodec.TryDecode(lying, out _);
                (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(100_000);
            }
        }
    }

    [Fact]
    public void TryDecode_NumbersThatDoNotRise_IsNoFrame()
    {
        var message = GoldenLinkFrames.Message;
        LinkCodec.TryDecode(LinkCodec.Encode(new LinkFrame.Batch("q", 5, [new NumberedMessage(5, message)])), out _).ShouldBeFalse();
        LinkCodec.TryDecode(LinkCodec.Encode(
            new LinkFrame.Batch("q", 0, [new NumberedMessage(1, message), new NumberedMessage(1, message)])), out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("ö")]
    [InlineData("a12345678901234567890123456789012345678901234567890123456789012345")]
    public void TryDecode_WhatIsNoName_IsNoFrame(string name)
    {
        var identity = LinkBench.There;
        LinkCodec.TryDecode(LinkCodec.Encode(new LinkFrame.Hello(identity with { Name = name }, "b", LinkBench.Limits, 0)), out _)
            .ShouldBeFalse();
        LinkCodec.TryDecode(LinkCodec.Encode(new LinkFrame.Hello(identity, name, LinkBench.Limits, 0)), out _).ShouldBeFalse();
        LinkCodec.TryDecode(LinkCodec.Encode(new LinkFrame.Ack(name, 1)), out _).ShouldBeFalse();
        LinkCodec.TryDecode(LinkCodec.Encode(new LinkFrame.Batch(name, 0, [new NumberedMessage(1, GoldenLinkFrames.Message)])), out _)
            .ShouldBeFalse();
    }

    [Fact]
    public void TryDecode_SourceThatIsNoText_IsNoFrame_BecauseTheStoreCouldNotReadItBack()
    {
        var bytes = LinkCodec.Encode(
            new LinkFrame.Batch("q", 0, [new NumberedMessage(1, GoldenLinkFrames.Message with { Source = new string('s', 64) })]));
        bytes.AsSpan().Replace((byte)'s', (byte)0xFF);

        LinkCodec.TryDecode(bytes, out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void TryDecode_TimesThatNoCalendarHas_IsNoFrame(long time)
    {
        LinkCodec.TryDecode(LinkCodec.Encode(new LinkFrame.Hello(LinkBench.There with { StartedUnixMs = time }, "b", LinkBench.Limits, 0)),
            out _).ShouldBeFalse();
        LinkCodec.TryDecode(LinkCodec.Encode(new LinkFrame.Batch(
            "q", 0, [new NumberedMessage(1, GoldenLinkFrames.Message with { ExpiresUnixMs = time })])), out _).ShouldBeFalse();
    }

    [Fact]
    public void Encode_RefusalWithALongText_CutsIt()
    {
        LinkCodec.TryDecode(LinkCodec.Encode(new LinkFrame.Refused(RefusalCode.Protocol, new string('ö', 100_000))), out var frame)
            .ShouldBeTrue();

        frame.ShouldBeOfType<LinkFrame.Refused>().Text.Length.ShouldBe(512);
    }

    [Fact]
    public void IsForeignHello_OfAnotherVersionOnly()
    {
        var hello = LinkCodec.Encode(new LinkFrame.Hello(LinkBench.There, "b", LinkBench.Limits, 0));
        LinkCodec.IsForeignHello(hello, out _).ShouldBeFalse();

        hello[4] = 9;
        LinkCodec.TryDecode(hello, out _).ShouldBeFalse();
        LinkCodec.IsForeignHello(hello, out var version).ShouldBeTrue();
        version.ShouldBe(9);
        LinkCodec.IsForeignHello(hello.AsSpan(0, 4), out _).ShouldBeFalse();
    }

    private static void DecodesOrNot(byte[] bytes)
    {
        LinkCodec.IsForeignHello(bytes, out _);
        if (LinkCodec.TryDecode(bytes, out var frame)) LinkCodec.Encode(frame).ShouldNotBeEmpty();
    }

    private static LinkFrame.Batch Batch(string queue, long previous, (long Step, Message Message)[] items)
    {
        var number = previous;
        return new LinkFrame.Batch(queue, previous, items.Select(item => new NumberedMessage(number += item.Step, item.Message)).ToList());
    }
}
