using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Gateway.Configuration;
using Gateway.Tcp;
using Microsoft.Extensions.Configuration;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Conventions;

/// <summary>The pages of inlets and outlets: every name of the protocol, and examples that a gateway accepts.</summary>
public sealed partial class TcpPagesTests
{
    private const string Protocol = "gateway/Tcp/PROTOCOL.md";
    private const string Page = "gateway/docs/tcp.md";

    [Fact]
    public void Protocol_HasEachHeaderAndEvent()
    {
        var names = typeof(TcpNames).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!).ToList();
        var page = Pages.Read(Protocol);

        names.ShouldNotBeEmpty();
        names.Where(name => !name.StartsWith('.') && !page.Contains($"`{name}`", StringComparison.Ordinal)).ShouldBeEmpty();
        Pages.Rows(Protocol, "Headers").Concat(Pages.Rows(Protocol, "Events")).Select(row => row[0].Trim('`')).Where(
            name => !names.Contains(name)).ShouldBeEmpty();
    }

    [Fact]
    public void Page_HasEachWayOfDelivery_AndEachAnswer()
    {
        var page = Pages.Read(Page);
        foreach (var name in Enum.GetNames<OutletDelivery>().Concat(Enum.GetNames<InletAnswer>()).Concat(Enum.GetNames<UnclaimedReplies>()))
            page.ShouldContain(name == nameof(UnclaimedReplies.DeadLetter) ? "becomes a dead letter" : $"`{name}`");
    }

    [Fact]
    public void Examples_AreAcceptedByAGateway()
    {
        var examples = Blocks().Matches(Pages.Read(Page)).Select(block => Tcp(block.Groups[1].Value)).ToList();

        examples.Count.ShouldBeGreaterThan(3);
        foreach (var example in examples)
        {
            var (_, faults) = GatewayOptionsReader.Examine(new ConfigurationBuilder().AddJsonStream(new MemoryStream(
                Encoding.UTF8.GetBytes(example))).Build());

            faults.ShouldBeEmpty(example);
        }
    }

    /// <summary>A whole configuration is left as it is; entries of Tcp are put into one.</summary>
    private static string Tcp(string block)
    {
        const string Peers = """
            "Peers": { "plant": { "Address": "tcp://p:1" }, "central": { "Address": "tcp://c:1" }, "clinic": { "Address": "tcp://d:1" } }
            """;
        if (block.StartsWith("{ \"Gateway\": {", StringComparison.Ordinal))
            return block.Replace("{ \"Gateway\": {", $"{{ \"Gateway\": {{ {Peers}, ", StringComparison.Ordinal);
        var inner = block.Replace("} } }\n\"Outlets\"", "} } },\n\"Outlets\"", StringComparison.Ordinal);
        return $$"""{ "Gateway": { {{Peers}}, "Tcp": { {{inner}} } } }""";
    }

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
