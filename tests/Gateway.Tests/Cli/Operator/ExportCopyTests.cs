using System.Text;
using Gateway.Cli.Operator;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Operator;

public sealed class ExportCopyTests
{
    private const string Header = """{"format":"gateway-export"}""" + "\n";
    private const string Four = """{"number":4,"id":"x"}""" + "\n";
    private const string Nine = """{"number":9,"id":"y"}""" + "\n";
    private const string End = """{"end":true,"messages":2}""" + "\n";

    [Theory]
    [InlineData(Header + Four + Nine + End, 2, 9, true)]
    [InlineData(Header + Four + Nine, 2, 9, false)]
    [InlineData(Header + Four, 1, 4, false, "{\"number\":9,\"id")]
    [InlineData(Header, 0, 3, false, "{\"numb")]
    [InlineData("", 0, 3, false, "{")]
    public async Task Whole_lines_are_copied_and_it_is_known_how_far(string whole, long messages, long last, bool isWhole, string rest = "")
    {
        using var to = new MemoryStream();
        var copy = new ExportCopy(new MemoryStream(Encoding.UTF8.GetBytes(whole + rest)), to, after: 3);

        await copy.RunAsync(_ => { }, TestContext.Current.CancellationToken);

        Encoding.UTF8.GetString(to.ToArray()).ShouldBe(whole);
        (copy.Messages, copy.Last, copy.IsWhole).ShouldBe((messages, last, isWhole));
    }
}
