using System.Text;
using Gateway.Client.Wire;
using Gateway.Tcp;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Tcp;

public sealed class TcpHeadersTests
{
    private readonly FrameHeaders _headers = new(new Dictionary<string, string>
    {
        [TcpNames.Inlet] = "orders",
        [TcpNames.Conversation] = "ab-1",
        [TcpNames.From] = "10.0.0.5:\"é",
    });

    [Theory]
    [InlineData(1)]
    [InlineData(long.MaxValue)]
    public void AFrame_HasTheCommonEntriesAndItsNumber(long number)
    {
        var json = _headers.OfFrame(number);

        HeadersJson.FindFault(json).ShouldBeNull();
        TcpHeaders.Read(json).ShouldBe(
            new TcpHeaders { Inlet = "orders", Conversation = "ab-1", From = "10.0.0.5:\"é", Frame = number });
    }

    [Fact]
    public void AnEvent_HasNoNumber() => TcpHeaders.Read(_headers.OfEvent(TcpNames.Finished)).ShouldBe(
        new TcpHeaders { Inlet = "orders", Conversation = "ab-1", From = "10.0.0.5:\"é", Event = "finished" });

    [Fact]
    public void AnEnd_HasTheNumberThatComesNext()
    {
        var json = _headers.OfEnd(TcpNames.Finished, 7);

        HeadersJson.FindFault(json).ShouldBeNull();
        TcpHeaders.Read(json).ShouldBe(
            new TcpHeaders { Inlet = "orders", Conversation = "ab-1", From = "10.0.0.5:\"é", Event = "finished", Frame = 7 });
    }

    [Theory]
    [InlineData("")]
    [InlineData("no JSON")]
    [InlineData("{\"other\":\"1\",\"tcp-frame\":\"-1\"}")]
    [InlineData("{\"tcp-frame\":\"99999999999999999999\"}")]
    public void HeadersOfOthers_AreNone(string json) => TcpHeaders.Read(Encoding.UTF8.GetBytes(json)).ShouldBe(new TcpHeaders());
}
