using Gateway.Cli.Shell;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Shell;

public sealed class ConfigurationTokensTests
{
    [Fact]
    public void Configuration_passes_through_as_it_came()
    {
        string[] tokens = ["--Gateway:Name=a", "--Gateway:Store:Path", "/var/lib/a", "--Gateway:Routes:orders:0=orders@b"];

        ConfigurationTokens.Take(tokens, config: []).ShouldBe(tokens);
    }

    [Theory]
    [InlineData("sned")]
    [InlineData("--Gateway:Name=a", "sned")]
    [InlineData("--Gateway:Name", "a", "sned")]
    [InlineData("--nmae")]
    public void A_token_that_is_no_configuration_is_refused(params string[] tokens) =>
        Should.Throw<CommandLineException>(() => ConfigurationTokens.Take(tokens, config: [])).ExitCode.ShouldBe(ExitCode.Usage);

    [Fact]
    public void A_configuration_file_is_handed_on() => ConfigurationTokens.Take(["--Gateway:Name=a"], ["--config=/etc/shop.json"])
        .ShouldBe(["--Gateway:Name=a", "--config=/etc/shop.json"]);
}
