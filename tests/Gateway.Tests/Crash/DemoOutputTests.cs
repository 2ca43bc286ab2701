using System.Diagnostics;
using Gateway.Cli.Demo.Processes;
using Gateway.Cli.Shell;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>A demo whose output nobody reads, or nobody reads any more.</summary>
[Kind(Kind.Process)]
public sealed class DemoOutputTests : ProcessTest
{
    /// <summary>The exit code of a process that a signal ended in an orderly way, less the number of the signal.</summary>
    private const int SignalBase = 128;

    [Fact]
    public async Task A_reader_that_goes_ends_the_demo_and_its_processes()
    {
        using var demo = Start("", "| head -1");

        var errors = await InTimeAsync("it ends", demo.StandardError.ReadToEndAsync(Token));
        await InTimeAsync("it ends", demo.WaitForExitAsync(Token));

        demo.ExitCode.ShouldBe((int)ExitCode.OutputLost, errors);
        errors.ShouldContain("The output could not be written");
        Directory.EnumerateDirectories(Folder, "gateway-demo-*").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_demo_whose_output_nobody_reads_obeys_SIGTERM()
    {
        // A pipe has sixteen pages; the one that is left takes one line.
        using var demo = Start($"head -c {15 * 4096} /dev/zero; exec", "");
        await UntilAsync("the consumer is started", () => Directory.EnumerateFiles(Folder, "consumer.log", SearchOption.AllDirectories)
            .Any());

        TestProcess.Send(demo.Id, TestProcess.UnixSignal.Terminate);
        await InTimeAsync("it ends", demo.WaitForExitAsync(Token));

        demo.ExitCode.ShouldBeOneOf((int)ExitCode.Interrupted, SignalBase + (int)TestProcess.UnixSignal.Terminate);
        Directory.EnumerateDirectories(Folder, "gateway-demo-*").ShouldBeEmpty();
    }

    private Process Start(string before, string tail)
    {
        var start = Executable.Start("demo", "--messages", "200", "--seconds", "30", "--seed", "1");
        var end = tail.Length == 0 ? "" : $" {tail}; exit ${{PIPESTATUS[0]}}";
        start = new ProcessStartInfo("/bin/bash", ["-c", $"{before} \"$0\" \"$@\"{end}", start.FileName, .. start.ArgumentList])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TMPDIR"] = Folder;
        return Process.Start(start)!;
    }
}
