using Gateway.Cli;
using Gateway.Cli.Shell;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli;

public sealed class RunVerbTests
{
    [Fact]
    public void Configuration_passes_through_as_it_came()
    {
        string[] tokens = ["--Gateway:Name=a", "--Gateway:Store:Path", "/var/lib/a", "--Gateway:Routes:orders:0=orders@b"];

        RunVerb.Configuration(tokens, config: []).ShouldBe(tokens);
    }

    [Theory]
    [InlineData("sned")]
    [InlineData("--Gateway:Name=a", "sned")]
    [InlineData("--Gateway:Name", "a", "sned")]
    [InlineData("--nmae")]
    public void A_token_that_is_no_configuration_is_refused(params string[] tokens) =>
        Should.Throw<CommandLineException>(() => RunVerb.Configuration(tokens, config: [])).ExitCode.ShouldBe(ExitCode.Usage);

    [Fact]
    public void A_configuration_file_is_handed_on() => RunVerb.Configuration(["--Gateway:Name=a"], ["--config=/etc/shop.json"])
        .ShouldBe(["--Gateway:Name=a", "--config=/etc/shop.json"]);
}
