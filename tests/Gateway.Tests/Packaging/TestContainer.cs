using System.Diagnostics;
using System.Globalization;
using Gateway.Tests.Crash;

namespace Gateway.Tests.Packaging;

/// <summary>
/// A container without an engine: the image as its root, which it cannot write to, processes, mounts and a network of its own with loopback
/// alone, the image's user, and a folder of the host as the volume.
/// </summary>
/// <param name="image">What it runs.</param>
/// <param name="volume">The folder of the host, kept from one container to the next.</param>
/// <param name="mounted">A file of the host for a place in the image: Dockerfiles have no word for it, those who run them do.</param>
/// <param name="more">Variables besides those of the image.</param>
internal sealed class TestContainer(
    BuiltImage image, string volume, (string File, string Place) mounted, IReadOnlyDictionary<string, string> more, string logPath)
    : IAsyncDisposable
{
    // The first process is what the image starts, as under an engine: signals without a handler do not reach it.
    private const string Script = """
        set -e
        "$IP" link set lo up
        mount --bind "$ROOT" "$ROOT"
        mount --bind "$VOLUME" "$ROOT$VOLUME_PLACE"
        mount --bind "$MOUNTED" "$ROOT$MOUNTED_PLACE"
        mount -t proc proc "$ROOT/proc"
        mount --rbind /dev "$ROOT/dev"
        mount -t tmpfs tmpfs "$ROOT/tmp"
        mount -o remount,bind,ro "$ROOT"
        exec "$@"
        """;

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
                "/usr/sbin/chroot", $"--userspec={image.File.User}", "--groups=", image.Root, .. WithVariables(),
                .. image.File.Entry, .. image.File.Arguments,
            ]);
        start.Environment["IP"] = Tool.Ip;
        start.Environment["ROOT"] = image.Root;
        start.Environment["VOLUME"] = volume;
        start.Environment["VOLUME_PLACE"] = image.File.Volume;
        (start.Environment["MOUNTED"], start.Environment["MOUNTED_PLACE"]) = mounted;
        _process = TestProcess.Start(start, logPath);
    }

    /// <summary>The signal of an engine that stops it.</summary>
    public void Signal(TestProcess.UnixSignal signal) => TestProcess.Send(int.Parse(First, CultureInfo.InvariantCulture), signal);

    /// <summary>What the engine does to learn whether it is healthy: 0 if so.</summary>
    public async Task<int> HealthAsync() => (await ExecAsync("/bin/sh", "-c", image.File.HealthCheck)).Exit;

    /// <summary>A further program in it, as its user.</summary>
    public async Task<(int Exit, string Output, string Errors)> ExecAsync(params string[] command)
    {
        var (user, group) = image.File.User.Split(':') is [var one, var other] ? (one, other) : ("", "");
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

    /// <summary>The number that its first process has on the host.</summary>
    private string First => _process!.Ended.IsCompleted ? "" : File.ReadAllText($"/proc/{_process!.Id}/task/{_process.Id}/children").Trim();

    private string[] WithVariables() =>
    [
        "/usr/bin/env", "-i", "-C", image.File.Folder, "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        .. image.File.Variables.Concat(more).Select(variable => $"{variable.Key}={variable.Value}"),
    ];
}
