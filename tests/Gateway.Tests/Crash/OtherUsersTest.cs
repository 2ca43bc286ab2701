using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Gateway.Cli.Demo.Processes;
using Shouldly;

namespace Gateway.Tests.Crash;

/// <summary>
/// The common base of tests in which several users of one host deal with a gateway. The users have numbers, and no names or homes.
/// </summary>
[UnsupportedOSPlatform("windows")]
public abstract class OtherUsersTest : ProcessTest
{
    /// <summary>The user of a service.</summary>
    private protected const int Service = 54321;

    /// <summary>Somebody else on the host.</summary>
    private protected const int Stranger = 54322;

    private const UnixFileMode ForOthers = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    protected OtherUsersTest() => File.SetUnixFileMode(Folder, File.GetUnixFileMode(Folder) | UnixFileMode.OtherExecute);

    /// <summary>Root with no more rights to files than their owner has.</summary>
    private protected static string[] WithoutPrivileges =>
        [Setpriv, "--bounding-set=-dac_override,-dac_read_search,-fowner,-chown"];

    /// <summary>Runs the gateway as a user that may read its program, wherever that is.</summary>
    private protected static string[] As(int user) =>
    [
        Setpriv, $"--reuid={user}", $"--regid={user}", "--clear-groups", "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search",
    ];

    /// <summary>Runs a program of the system as a user without any right.</summary>
    private protected static string[] Plainly(int user) => [Setpriv, $"--reuid={user}", $"--regid={user}", "--clear-groups"];

    private static string Setpriv => "/usr/bin/setpriv";

    /// <summary>New files have all rights, unless the program that makes them takes some away.</summary>
    private protected static string[] WithoutMask => ["/bin/sh", "-c", "umask 0; exec \"$0\" \"$@\""];

    private protected async Task<(int Exit, string Text)> RunAsync(params string[] command)
    {
        Tool.RequireRoot();
        await using var process =
            TestProcess.Start(new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = Folder },
                Path.Combine(Folder, "verbs.log"));
        var exit = await InTimeAsync($"{command[0]} ends", process.Ended);
        return (exit, process.Output + process.Errors);
    }

    private protected Task<(int Exit, string Text)> VerbAsync(string[] under, params string[] verb)
    {
        var start = Executable.Start(verb);
        return RunAsync([.. under, start.FileName, .. start.ArgumentList]);
    }

    private protected async Task GiveAsync(string path, int user) =>
        (await RunAsync("/bin/chown", "-R", $"{user}:{user}", path)).Exit.ShouldBe(0);

    /// <summary>The files and folders there, the folder itself included, to which others have some right.</summary>
    private protected static List<string> OpenOnes(string folder) =>
    [
        .. Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Append(folder)
            .Where(path => (File.GetUnixFileMode(path) & ForOthers) != 0),
    ];

    /// <summary>To whom the files and folders there belong.</summary>
    private protected async Task<List<int>> OwnersAsync(string folder) =>
    [
        .. (await RunAsync("/usr/bin/find", folder, "-printf", "%U\\n")).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => int.Parse(line, CultureInfo.InvariantCulture)).Distinct(),
    ];

    private protected TestGateway NewGateway(params (string Key, string Value)[] more)
    {
        Tool.RequireRoot();
        return NewGateways(more.ToDictionary(one => one.Key, one => one.Value), "local")[0];
    }

    private protected async Task StartAsync(TestGateway gateway, params string[] under)
    {
        gateway.Start(under);
        await InTimeAsync("the gateway is ready", gateway.WaitUntilReadyAsync(Token));
    }

    private protected async Task StopAsync(TestGateway gateway) =>
        (await InTimeAsync("the gateway stops", gateway.StopAsync())).ShouldBe(0);
}
