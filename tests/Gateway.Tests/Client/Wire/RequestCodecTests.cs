using CsCheck;
using Gateway.Client;
using Gateway.Client.Wire;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client.Wire;

public sealed class RequestCodecTests
{
    public static TheoryData<string> Golden => [.. GoldenFrames.Requests.Keys];

    [Theory]
    [MemberData(nameof(Golden))]
    public void Encode_EachVerb_GivesTheGoldenFrames(string frames) =>
        GoldenFrames.Join(RequestCodec.Encode(GoldenFrames.Requests[frames])).ShouldBe(frames);

    [Theory]
    [MemberData(nameof(Golden))]
    public void TryDecode_GoldenFrames_GivesTheRequest(string frames)
    {
        RequestCodec.TryDecode(GoldenFrames.Split(frames), out var request, out _).ShouldBeTrue();

        request.ShouldBeOfType(GoldenFrames.Requests[frames].GetType());
        GoldenFrames.Join(RequestCodec.Encode(request)).ShouldBe(frames);
    }

    [Fact]
    public void TryDecode_EnqueueOfTwo_GivesEachField()
    {
        var frames = GoldenFrames.Split($"ENQUEUE|7|orders|{GoldenFrames.FirstId}|{{}}|5|x||||");

        RequestCodec.TryDecode(frames, out var request, out _).ShouldBeTrue();

        var enqueue = request.ShouldBeOfType<Request.Enqueue>();
        enqueue.Id.ToString().ShouldBe("7");
        enqueue.Destination.ShouldBe("orders");
        enqueue.Items.Select(item => item.Id).ShouldBe([GoldenFrames.FirstId, null]);
        enqueue.Items.Select(item => item.ExpiresUnixMs).ShouldBe([5, 0]);
        enqueue.Items[0].Headers.ToArray().ShouldBe("{}"u8.ToArray());
        enqueue.Items[0].Body.ToArray().ShouldBe("x"u8.ToArray());
        enqueue.Items[1].Body.Length.ShouldBe(0);
    }

    [Theory]
    [InlineData("ABANDON|7|42|", 0)]
    [InlineData("ABANDON|7|42|31622400000", 31_622_400_000)]
    public void TryDecode_Delay_IsReadUpToSevenDays(string frames, long expectedMs)
    {
        RequestCodec.TryDecode(GoldenFrames.Split(frames), out var request, out _).ShouldBeTrue();

        request.ShouldBeOfType<Request.Abandon>().Delay.ShouldBe(TimeSpan.FromMilliseconds(expectedMs));
    }

    [Theory]
    [InlineData("")]
    [InlineData("enqueue|7|q||||b")]
    [InlineData("HELLO|1")]
    [InlineData("BYE|now")]
    [InlineData("PING")]
    [InlineData("COMPLETE")]
    [InlineData("COMPLETE||42")]
    public void TryDecode_NoRequestNamed_FaultIsBadRequestWithoutId(string frames)
    {
        RequestCodec.TryDecode(GoldenFrames.Split(frames), out _, out var fault).ShouldBeFalse();

        fault.Code.ShouldBe(WireCode.BadRequest);
        fault.Id.ShouldBeNull();
    }

    [Theory]
    [InlineData("ENQUEUE|7|q", WireCode.BadRequest)]
    [InlineData("ENQUEUE|7|q|||0", WireCode.BadRequest)]
    [InlineData("ENQUEUE|7|q||||b|", WireCode.BadRequest)]
    [InlineData("ENQUEUE|7|q|||-1|b", WireCode.BadRequest)]
    [InlineData("ENQUEUE|7|q|||253402300800000|b", WireCode.BadRequest)]
    [InlineData("ENQUEUE|7|q|||99999999999999999999|b", WireCode.BadRequest)]
    [InlineData("ENQUEUE|7|q|01890a5d-ac96-774b-bcce-b302099a805|||b", WireCode.BadMessageId)]
    [InlineData("ENQUEUE|7|q|{01890a5d-ac96-774b-bcce-b302099a80}|||b", WireCode.BadMessageId)]
    [InlineData("ENQUEUE|7|q|0x890a5d-ac96-774b-bcce-b302099a8057|||b", WireCode.BadMessageId)]
    [InlineData("RECEIVE|7|q|0|", WireCode.BadRequest)]
    [InlineData("RECEIVE|7|q|2147483648|", WireCode.BadRequest)]
    [InlineData("RECEIVE|7|q|+1|", WireCode.BadRequest)]
    [InlineData("RECEIVE|7|q|1|99", WireCode.BadRequest)]
    [InlineData("RECEIVE|7|q|1|43200001", WireCode.BadRequest)]
    [InlineData("RECEIVE|7|q|1|9223372036854775807", WireCode.BadRequest)]
    [InlineData("COMPLETE|7|", WireCode.BadRequest)]
    [InlineData("COMPLETE|7|0x2a", WireCode.BadRequest)]
    [InlineData("ABANDON|7|42|31622400001", WireCode.BadRequest)]
    [InlineData("RENEW|7|42| 1000", WireCode.BadRequest)]
    [InlineData("PEEK|7|q|-1|20", WireCode.BadRequest)]
    [InlineData("PEEK|7|q||0", WireCode.BadRequest)]
    [InlineData("READY|7|x", WireCode.BadRequest)]
    [InlineData("DEPTH|7", WireCode.BadRequest)]
    [InlineData("DEPTH|7|q|x", WireCode.BadRequest)]
    public void TryDecode_WrongField_FaultNamesTheRequest(string frames, object code)
    {
        RequestCodec.TryDecode(GoldenFrames.Split(frames), out _, out var fault).ShouldBeFalse();

        fault.Code.ShouldBe((WireCode)code);
        fault.Id.ShouldBe(RequestId.FromNumber(7));
        fault.Text.ShouldNotBeEmpty();
    }

    [Fact]
    public void TryDecode_IdOf65Bytes_FaultHasNoId()
    {
        RequestCodec.TryDecode(["READY"u8.ToArray(), new byte[65]], out _, out var fault).ShouldBeFalse();

        fault.Id.ShouldBeNull();
    }

    [Fact]
    public void TryDecode_TextThatIsNotUtf8_IsRefused()
    {
        byte[] broken = [0xC3, 0x28];

        RequestCodec.TryDecode(["ENQUEUE"u8.ToArray(), "7"u8.ToArray(), broken, [], [], [], []], out _, out var destination)
            .ShouldBeFalse();
        RequestCodec.TryDecode(["REJECT"u8.ToArray(), "7"u8.ToArray(), "1"u8.ToArray(), broken], out _, out var reason).ShouldBeFalse();
        RequestCodec.TryDecode(["HELLO"u8.ToArray(), "1"u8.ToArray(), broken], out _, out var application).ShouldBeFalse();

        destination.Code.ShouldBe(WireCode.BadDestination);
        reason.Code.ShouldBe(WireCode.BadRequest);
        application.Code.ShouldBe(WireCode.BadRequest);
    }

    [Fact]
    public void TryDecode_ReasonOrApplicationTooLong_IsRefused()
    {
        RequestCodec.TryDecode(GoldenFrames.Split($"REJECT|7|42|{new string('a', 1024)}"), out _, out _).ShouldBeTrue();
        RequestCodec.TryDecode(GoldenFrames.Split($"REJECT|7|42|{new string('a', 1025)}"), out _, out _).ShouldBeFalse();
        RequestCodec.TryDecode(GoldenFrames.Split($"HELLO|1|{new string('a', 128)}"), out _, out _).ShouldBeTrue();
        RequestCodec.TryDecode(GoldenFrames.Split($"HELLO|1|{new string('a', 129)}"), out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void AnyEnqueue_EncodedAndDecoded_IsTheSame()
    {
        var bytes = Gen.Byte.Array[0, 50];
        var item = Gen.Select(Gen.Guid.Nullable(), bytes, Gen.Long[0, WireText.UnixMsMax], bytes);
        Gen.Select(Gen.Byte.Array[1, RequestId.LengthMax], Gen.String.AlphaNumeric, item.Array[1, 5])
            .Sample((idBytes, destination, items) =>
        {
            RequestId.TryFromBytes(idBytes, out var id).ShouldBeTrue();
            var request = new Request.Enqueue(
                id, destination, [
                    .. items.Select(i => new EnqueueItem(i.Item1 is { } g ? new MessageId(g) : null, i.Item2, i.Item3, i.Item4))]);

            RequestCodec.TryDecode([.. RequestCodec.Encode(request).Select(f => f.ToArray())], out var decoded, out _).ShouldBeTrue();

            var enqueue = decoded.ShouldBeOfType<Request.Enqueue>();
            enqueue.Id.ToBytes().ShouldBe(idBytes);
            enqueue.Destination.ShouldBe(destination);
            enqueue.Items.Select(i => (i.Id, i.ExpiresUnixMs)).ShouldBe(request.Items.Select(i => (i.Id, i.ExpiresUnixMs)));
            enqueue.Items.Select(i => i.Headers.ToArray()).ShouldBe(items.Select(i => i.Item2));
            enqueue.Items.Select(i => i.Body.ToArray()).ShouldBe(items.Select(i => i.Item4));
        });
    }

    [Fact]
    public void AnyBytes_Decoded_NeverThrow() => HostileFrames.All(GoldenFrames.Requests.Keys).Sample(frames =>
    {
        var read = RequestCodec.TryDecode(frames, out var request, out var fault);

        return read ? request is not null : fault.Text.Length > 0;
    });
}
