using System.Text;
using Gateway.Cli.Shell;
using Gateway.Configuration;
using Gateway.Http.Security;
using Microsoft.Extensions.Configuration;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Keys;

public sealed class TokenVerbTests
{
    private readonly TestTerminal _terminal = new();

    [Fact]
    public async Task New_prints_a_token_that_the_printed_configuration_lets_in()
    {
        (await _terminal.RunAsync("token", "new", "--name", "anna", "--roles", "read,operate,read")).ShouldBe(ExitCode.Ok);

        var lines = _terminal.Output.Split('\n');
        var token = lines[0];
        token.Length.ShouldBe(64);
        lines[3].ShouldNotContain(token);
        var options = GatewayOptionsReader.Read(new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes($$"""{ "Gateway": { {{lines[3]}}, {{lines[5]}} } }"""))).Build());
        options.Http.Tokens["anna"].Roles.ShouldBe(["read", "operate"]);
        var caller = new TokenBook(new RunningOptions(options)).Find($"Bearer {token}", System.Net.IPAddress.Loopback);
        caller.Name.ShouldBe("anna");
        caller.Roles.ShouldBe(HttpRoles.Read | HttpRoles.Operate);
    }

    [Fact]
    public async Task New_makes_another_token_each_time()
    {
        await _terminal.RunAsync("token", "new", "--name", "anna", "--roles", "send");
        var first = _terminal.Output;
        await _terminal.RunAsync("token", "new", "--name", "anna", "--roles", "send");

        _terminal.Output[first.Length..].Split('\n')[0].ShouldNotBe(first.Split('\n')[0]);
    }

    [Theory]
    [InlineData("anna", "")]
    [InlineData("anna", ",")]
    [InlineData("anna", "read,admin")]
    [InlineData("two words", "read")]
    [InlineData("", "read")]
    public async Task New_takes_only_names_and_roles_that_the_gateway_takes(string name, string roles)
    {
        (await _terminal.RunAsync("token", "new", "--name", name, "--roles", roles)).ShouldBe(ExitCode.Usage);

        _terminal.Output.ShouldBeEmpty();
    }
}
