using CsCheck;
using Gateway.Client;
using Gateway.Client.Wire;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client.Wire;

public sealed class ReplyCodecTests
{
    public static TheoryData<string> Golden => [.. GoldenFrames.Replies.Keys];

    [Theory]
    [MemberData(nameof(Golden))]
    public void Encode_EachVerb_GivesTheGoldenFrames(string frames) =>
        GoldenFrames.Join(ReplyCodec.Encode(GoldenFrames.Replies[frames])).ShouldBe(frames);

    [Theory]
    [MemberData(nameof(Golden))]
    public void TryDecode_GoldenFrames_GivesTheReply(string frames)
    {
        ReplyCodec.TryDecode(GoldenFrames.Split(frames), out var reply, out _).ShouldBeTrue();

        reply.ShouldBeOfType(GoldenFrames.Replies[frames].GetType());
        GoldenFrames.Join(ReplyCodec.Encode(reply)).ShouldBe(frames);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ACCEPTED|7")]
    [InlineData("ACCEPTED|7|no-uuid")]
    [InlineData("SETTLED")]
    [InlineData("REJECTED|7|Busy")]
    [InlineData("MESSAGE|7|42|01890a5d-ac96-774b-bcce-b302099a8057|-2||0||alpha|hi")]
    [InlineData("MESSAGE|7|42|01890a5d-ac96-774b-bcce-b302099a8057|2147483648||0||alpha|hi")]
    [InlineData("MESSAGE|7|42|01890a5d-ac96-774b-bcce-b302099a8057|1||0||alpha")]
    [InlineData("PEEKED|7|3")]
    [InlineData("WELCOME|1|alpha|00|[]")]
    [InlineData("WELCOME|1|alpha|00|{\"bodyBytesMax\":0}")]
    [InlineData("WELCOME|1|alpha|00|{\"bodyBytesMax\":99999999999}")]
    [InlineData("WELCOME|1|alpha|00|{\"\\ud800\":1}")]
    public void TryDecode_NotOfTheForm_IsFault(string frames)
    {
        ReplyCodec.TryDecode(GoldenFrames.Split(frames), out _, out var fault).ShouldBeFalse();

        fault.Text.ShouldNotBeEmpty();
    }

    [Fact]
    public void TryDecode_CodeThatIsNotKnown_StandsAsBadRequestWithItsName()
    {
        ReplyCodec.TryDecode(GoldenFrames.Split("REJECTED|7|TooTired|later"), out var reply, out _).ShouldBeTrue();

        reply.ShouldBe(new Reply.Rejected(RequestId.FromNumber(7), WireCode.BadRequest, "TooTired: later"));
    }

    [Fact]
    public void TryDecode_LimitsWithUnknownAndMissingFields_KeepsTheKnownOnes()
    {
        ReplyCodec.TryDecode(GoldenFrames.Split("WELCOME|1|alpha|00|{\"colour\":\"red\",\"creditMax\":5}"), out var reply, out _)
            .ShouldBeTrue();

        reply.ShouldBeOfType<Reply.Welcome>().Limits.ShouldBe(new WireLimits { CreditMax = 5 });
    }

    [Fact]
    public void AnyDelivery_EncodedAndDecoded_IsTheSame()
    {
        var bytes = Gen.Byte.Array[0, 50];
        var time = Gen.Long[0, WireText.UnixMsMax];
        Gen.Select(Gen.Long[0, long.MaxValue], Gen.Guid, Gen.Int[0, int.MaxValue], time, time, bytes, bytes).Sample(
            (token, id, deliveries, enqueued, expires, headers, body) =>
            {
                var message = new DeliveredMessage(new MessageId(id), deliveries, headers, enqueued, expires, "alpha", body);
                var delivery = new Reply.Delivery(RequestId.FromNumber(1), new DeliveryToken(token), message);

                ReplyCodec.TryDecode([.. ReplyCodec.Encode(delivery).Select(f => f.ToArray())], out var decoded, out _).ShouldBeTrue();

                var read = decoded.ShouldBeOfType<Reply.Delivery>();
                read.Token.ShouldBe(delivery.Token);
                read.Message.Headers.ToArray().ShouldBe(headers);
                read.Message.Body.ToArray().ShouldBe(body);
                (read.Message with { Headers = default, Body = default }).ShouldBe(message with { Headers = default, Body = default });
            });
    }

    [Fact]
    public void AnyBytes_Decoded_NeverThrow() => HostileFrames.All(GoldenFrames.Replies.Keys).Sample(frames =>
    {
        var read = ReplyCodec.TryDecode(frames, out var reply, out var fault);

        return read ? reply is not null : fault.Text.Length > 0;
    });
}
