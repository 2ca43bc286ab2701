using System.Diagnostics;
using Gateway.Cli.Demo.Processes;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Whether a process takes the folder of a unit for its own: only if systemd started it as that unit.</summary>
[Kind(Kind.Process)]
public sealed class StateDirectoryTests : ProcessTest
{
    [Fact]
    public async Task The_folder_of_a_unit_is_taken_by_the_process_that_systemd_started() =>
        (await CheckAsync("export SYSTEMD_EXEC_PID=$$; exec \"$@\"")).ShouldContain(Path.Combine(Folder, "of-the-unit"));

    [Theory]
    [InlineData("exec \"$@\"")]
    [InlineData("export SYSTEMD_EXEC_PID=$$; \"$@\"; exit $?")]
    public async Task The_folder_of_a_unit_that_a_process_only_inherited_is_not_taken(string script) =>
        (await CheckAsync(script)).ShouldNotContain("of-the-unit");

    /// <summary>The complaint of a verb that finds no store where it looks.</summary>
    private async Task<string> CheckAsync(string script)
    {
        var verb = Executable.Start("store", "check");
        var start = new ProcessStartInfo("/bin/sh", ["-c", script, "sh", verb.FileName, .. verb.ArgumentList]);
        start.Environment["STATE_DIRECTORY"] = Path.Combine(Folder, "of-the-unit");
        start.Environment["HOME"] = start.Environment["XDG_DATA_HOME"] = Path.Combine(Folder, "home");
        start.Environment.Remove("SYSTEMD_EXEC_PID");
        var process = Track(TestProcess.Start(start, Path.Combine(Folder, "check.log")));
        await InTimeAsync("the verb ends", process.Ended);
        process.Errors.ShouldNotBeEmpty();
        return process.Errors;
    }
}
