using System.Text;
using Gateway.Client.Wire;
using Gateway.Store.Messages;
using Gateway.Tests.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store.Messages;

public sealed class MessageRulesTests
{
    private static readonly Message _valid = GoldenLinkFrames.Message;

    [Fact]
    public void FindFault_AValidMessage_IsNull() => MessageRules.FindFault(_valid).ShouldBeNull();

    [Fact]
    public void FindFault_AnIdOfZeros_IsBadMessageId() => Fault(_valid with { Id = default }, WireCode.BadMessageId, "all zeros");

    [Theory]
    [InlineData("no json", "not JSON")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{\"a\":null}", "'a' is not a string")]
    [InlineData("{\"a\":\"x\",\"b\":\"y\",\"a\":\"z\"}", "two headers 'a'")]
    [InlineData("{\"a\":\"\\ud800\"}", "not JSON")]
    public void FindFault_HeadersThatAConsumerCannotRead_IsBadHeaders(string headers, string text) =>
        Fault(_valid with { Headers = Encoding.UTF8.GetBytes(headers) }, WireCode.BadHeaders, text);

    [Theory]
    [InlineData(-1)]
    [InlineData(WireText.UnixMsMax + 1)]
    [InlineData(long.MinValue)]
    public void FindFault_ATimeThatNoCalendarHas_IsBadRequest(long unixMs)
    {
        Fault(_valid with { EnqueuedUnixMs = unixMs }, WireCode.BadRequest, "acceptance");
        Fault(_valid with { ExpiresUnixMs = unixMs }, WireCode.BadRequest, "expiry");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("\u001b[2J")]
    public void FindFault_ASourceThatIsNoName_IsBadRequest(string source) =>
        Fault(_valid with { Source = source }, WireCode.BadRequest, "source");

    private static void Fault(Message message, object code, string text)
    {
        var fault = MessageRules.FindFault(message).ShouldNotBeNull();
        fault.Code.ShouldBe((WireCode)code);
        fault.Text.ShouldContain(text);
    }
}
