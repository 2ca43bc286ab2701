using System.Diagnostics;
using System.Globalization;
using Gateway.Tests.Crash;

namespace Gateway.Tests.Packaging;

/// <summary>
/// A container without an engine: the image as its root, processes, mounts and a network of its own with loopback alone, and the image's
/// user.
/// </summary>
internal sealed class TestContainer(ContainerOptions options, string logPath) : IAsyncDisposable
{
    // The first process is what the image starts, as under an engine: signals without a handler do not reach it.
    private const string Script = """
        set -e
        "$IP" link set lo up
        mount --bind "$ROOT" "$ROOT"
        for mounted in $MOUNTS; do
            file=${mounted%:*} place=$ROOT${mounted##*:}
            if [ -d "$file" ]; then mkdir -p "$place"; else mkdir -p "${place%/*}"; : >>"$place"; fi
            mount --bind "$file" "$place"
        done
        mount -t proc proc "$ROOT/proc"
        mount --rbind /dev "$ROOT/dev"
        mount -t tmpfs tmpfs "$ROOT/tmp"
        if [ "$READ_ONLY" = yes ]; then mount -o remount,bind,ro "$ROOT"; fi
        exec "$@"
        """;

    private readonly ImageFile _file = options.Image.File;

    private TestProcess? _process;

    /// <summary>What it wrote.</summary>
    public string Output => $"{_process?.Output}{_process?.Errors}";

    /// <summary>Completes with the exit code.</summary>
    public Task<int> Ended => _process!.Ended;

    public void Start()
    {
        var start = new ProcessStartInfo(
            "/usr/bin/unshare",
            [
                "--mount", "--net", "--pid", "--ipc", "--uts", "--fork", "/bin/sh", "-c", Script, "sh",
                "/usr/sbin/chroot", $"--userspec={_file.User}", "--groups=", options.Image.Root, .. WithVariables(),
                .. _file.Entry, .. _file.Arguments,
            ]);
        start.Environment["IP"] = Tool.Ip;
        start.Environment["ROOT"] = options.Image.Root;
        start.Environment["MOUNTS"] = string.Join(' ', options.Mounts.Select(mount => $"{mount.Value}:{mount.Key}"));
        start.Environment["READ_ONLY"] = options.IsReadOnly ? "yes" : "no";
        _process = TestProcess.Start(start, logPath);
    }

    /// <summary>To its first process.</summary>
    public void Signal(TestProcess.UnixSignal signal) => TestProcess.Send(int.Parse(First, CultureInfo.InvariantCulture), signal);

    /// <summary>What the engine does to learn whether it is healthy: 0 if so.</summary>
    public async Task<int> HealthAsync() => (await ExecAsync("/bin/sh", "-c", _file.HealthCheck)).Exit;

    /// <summary>A further program in it, as its user.</summary>
    public async Task<(int Exit, string Output, string Errors)> ExecAsync(params string[] command)
    {
        var (user, group) = _file.User.Split(':') is [var one, var other] ? (one, other) : ("", "");
        await using var process = TestProcess.Start(
            new ProcessStartInfo(
                "/usr/bin/nsenter",
                [$"--target={First}", "--all", "--root", $"--setuid={user}", $"--setgid={group}", .. WithVariables(), .. command]),
            logPath);
        return (await process.Ended, process.Output, process.Errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null) return;
        // What has changed its user does not end with its parent.
        if (!_process.Ended.IsCompleted && First.Length > 0) Signal(TestProcess.UnixSignal.Kill);
        await _process.DisposeAsync();
    }

    /// <summary>The number that its first process has on the host; empty if there is none.</summary>
    private string First =>
        _process!.Ended.IsCompleted ? "" : File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children").Trim();

    private string[] WithVariables() =>
    [
        "/usr/bin/env", "-i", "-C", _file.Folder, "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        .. _file.Variables.Concat(options.Variables).Select(variable => $"{variable.Key}={variable.Value}"),
    ];
}
