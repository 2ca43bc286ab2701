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

        RunVerb.Configuration(tokens, config: null).ShouldBe(tokens);
    }

    [Theory]
    [InlineData("sned")]
    [InlineData("--Gateway:Name=a", "sned")]
    [InlineData("--Gateway:Name", "a", "sned")]
    [InlineData("--nmae")]
    public void A_token_that_is_no_configuration_is_refused(params string[] tokens) =>
        Should.Throw<CommandLineException>(() => RunVerb.Configuration(tokens, config: null)).ExitCode.ShouldBe(ExitCode.Usage);

    [Fact]
    public void A_configuration_file_that_is_missing_is_refused() =>
        Should.Throw<CommandLineException>(() => RunVerb.Configuration([], new FileInfo("no-such-file.json"))).ExitCode.ShouldBe(
            ExitCode.Usage);

    [Fact]
    public void A_configuration_file_is_handed_on_by_its_full_path()
    {
        var file = new FileInfo(typeof(RunVerbTests).Assembly.Location);

        RunVerb.Configuration(["--Gateway:Name=a"], file).ShouldBe(["--Gateway:Name=a", $"--config={file.FullName}"]);
    }
}
