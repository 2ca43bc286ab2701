using System.Diagnostics;
using System.Runtime.Versioning;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Packaging;

/// <summary>The scripts of the Debian package, with commands of the system in the test's hands.</summary>
[Kind(Kind.Process)]
[UnsupportedOSPlatform("windows")]
public sealed class DebianScriptsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-scripts-").FullName;

    [Fact]
    public async Task The_reason_for_which_the_user_cannot_be_made_is_shown_and_ends_the_installation()
    {
        Command("getent", "exit 2");
        Command("adduser", "echo 'progress'; echo 'adduser: the group exists already' >&2; exit 1");
        var postinst = Path.Combine(SourceTree.Root, "gateway", "packaging", "debian", "postinst");
        var script = new ProcessStartInfo("/bin/sh", [postinst, "configure"])
        { RedirectStandardError = true, RedirectStandardOutput = true };
        script.Environment["PATH"] = $"{_folder}:/usr/bin:/bin";

        using var process = Process.Start(script)!;
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        (process.ExitCode, errors.Trim()).ShouldBe((1, "adduser: the group exists already"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Command(string name, string script)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
