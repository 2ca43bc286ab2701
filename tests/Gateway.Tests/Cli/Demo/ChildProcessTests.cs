using Gateway.Cli.Demo.Processes;
using Gateway.Cli.Shell;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Demo;

[Kind(Kind.Process)]
public sealed class ChildProcessTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-test-").FullName;

    [Fact]
    public async Task What_a_child_writes_is_in_its_log_once_it_has_ended()
    {
        var log = Path.Combine(_folder, "child.log");

        await using (var child = ChildProcess.Start(Executable.Start("--help"), log))
            (await child.Ended).ShouldBe((int)ExitCode.Ok);

        (await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken)).ShouldContain("Exit codes:");
    }

    [Fact]
    public async Task Each_line_of_a_child_is_handed_on()
    {
        var lines = new List<string>();

        await using var child = ChildProcess.Start(Executable.Start("--help"), Path.Combine(_folder, "child.log"), line =>
        {
            lines.Add(line);
            return ValueTask.CompletedTask;
        });
        await child.Ended;

        lines.ShouldContain("Exit codes:");
    }

    [Fact]
    public async Task A_child_ends_when_its_input_is_closed()
    {
        await using var child = StartConsumer();

        await child.StopAsync(_patience, TimeProvider.System);

        (await child.Ended).ShouldBe((int)ExitCode.Interrupted);
    }

    [Fact]
    public async Task A_killed_child_has_ended_when_the_call_returns()
    {
        await using var child = StartConsumer();

        await child.KillAsync();

        child.Ended.IsCompletedSuccessfully.ShouldBeTrue();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A consumer of a gateway that is not there waits for it until it is told not to.</summary>
    private ChildProcess StartConsumer() => ChildProcess.Start(
        Executable.Start(DemoConsumerVerb.Name, $"tcp://127.0.0.1:{LoopbackPort.Free(1)[0]}", "orders"),
            Path.Combine(_folder, "child.log"));
}
