using System.Text;
using Gateway.Dashboard.Access;
using Gateway.Dashboard.Browsing;
using Gateway.Dashboard.Live;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Dashboard;

public sealed class TextTests
{
    private static readonly DateTimeOffset _now = new(2030, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Filter_ReadsEachField()
    {
        var (filter, fault) = new FilterFields
        {
            Id = "0198C2",
            Older = "15m",
            Younger = "2d",
            Header = "customer = 47=11",
            SizeMin = "2k",
            SizeMax = "1M"
        }.Read(_now, null, null);

        fault.ShouldBeEmpty();
        filter.ShouldNotBeNull();
        filter.IdPrefix.ShouldBe("0198c2");
        filter.AcceptedBeforeUnixMs.ShouldBe(_now.AddMinutes(-15).ToUnixTimeMilliseconds());
        filter.AcceptedFromUnixMs.ShouldBe(_now.AddDays(-2).ToUnixTimeMilliseconds());
        filter.Headers.ShouldBe(new Dictionary<string, string> { ["customer"] = "47=11" });
        (filter.SizeMin, filter.SizeMax).ShouldBe((2000, 1_000_000));
    }

    [Theory]
    [InlineData("id", "xyz")]
    [InlineData("older", "15")]
    [InlineData("older", "m")]
    [InlineData("older", "99999999d")]
    [InlineData("older", "-1h")]
    [InlineData("header", "customer")]
    [InlineData("header", "=4711")]
    [InlineData("size", "big")]
    [InlineData("size", "-1")]
    public void Filter_ThatIsNone_SaysSo(string field, string text)
    {
        var (filter, fault) = new FilterFields
        {
            Id = field == "id" ? text : "",
            Older = field == "older" ? text : "",
            Header = field == "header" ? text : "",
            SizeMin = field == "size" ? text : "",
        }.Read(_now, null, null);

        filter.ShouldBeNull();
        fault.ShouldNotBeEmpty();
    }

    [Fact]
    public void Body_ThatIsNoText_IsOnlyHex()
    {
        byte[] body = [0xFF, 0x00, 0x41];

        BodyText.Text(body).ShouldBeNull();
        BodyText.Json(body).ShouldBeNull();
        BodyText.Hex(body).ShouldStartWith("000000  ff 00 41 ");
        BodyText.Hex(body).ShouldEndWith("··A\n");
    }

    [Fact]
    public void Body_CutWithinACharacter_IsStillText()
    {
        var body = Encoding.UTF8.GetBytes(new string('a', BodyText.TextBytesMax - 1) + "üü");

        BodyText.Text(body).ShouldBe(new string('a', BodyText.TextBytesMax - 1));
    }

    [Fact]
    public void Body_WhoseJsonIsDeep_IsNoFault()
    {
        var body = Encoding.UTF8.GetBytes(new string('[', 5000) + new string(']', 5000));

        BodyText.Json(body).ShouldBeNull();
        BodyText.Text(body).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("out", "orders@billing", "outgoing orders@billing")]
    [InlineData("outgoing", "orders@billing", "outgoing orders@billing")]
    [InlineData("in", "bills", "inbound bills")]
    [InlineData("inbound", "bills", "inbound bills")]
    [InlineData("outgoing", "orders", null)]
    [InlineData("inbound", "orders@billing", null)]
    [InlineData("sideways", "orders", null)]
    [InlineData("in", "no name", null)]
    [InlineData(null, null, null)]
    public void QueueOf_TakesTheWordsOfThePagesAndOfTheApi(string? kind, string? name, string? queue) =>
        (Show.QueueOf(kind, name)?.ToString()).ShouldBe(queue);

    [Theory]
    [InlineData(null, "/")]
    [InlineData("", "/")]
    [InlineData("/", "/")]
    [InlineData("/link/billing", "/link/billing")]
    [InlineData("//host", "/")]
    [InlineData("/sign-in?to=/sign-in", "/")]
    public void LocalPath_LeadsNowhereElse(string? to, string path) => SignInGate.LocalPath(to).ShouldBe(path);
}
