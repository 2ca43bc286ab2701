using System.Net.Sockets;
using System.Text;

namespace Gateway.Tests.Crash;

/// <summary>Plays systemd for one process: receives its notifications (sd_notify(3)) on a socket of its own.</summary>
internal sealed class ServiceManager : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly List<string> _states = [];
    private readonly CancellationTokenSource _end = new();

    public ServiceManager(string folder)
    {
        Path = System.IO.Path.Combine(folder, "notify");
        _socket.Bind(new UnixDomainSocketEndPoint(Path));
        Receiving = ReceiveAsync();
    }

    /// <summary>The value of NOTIFY_SOCKET.</summary>
    public string Path { get; }

    public Task Receiving { get; }

    /// <summary>The lines received so far.</summary>
    public IReadOnlyList<string> States
    {
        get
        {
            lock (_states) return [.. _states];
        }
    }

    /// <summary>
    /// The program and arguments under which a process takes itself for a service of systemd, with a watchdog of so many seconds.
    /// </summary>
    public string[] Under(int watchdogSeconds) =>
    [
        "/bin/sh", "-c",
        $"export NOTIFY_SOCKET={Path} WATCHDOG_USEC={watchdogSeconds}000000 SYSTEMD_EXEC_PID=$$; exec \"$@\"", "sh",
    ];

    public void Dispose()
    {
        _end.Cancel();
        _socket.Dispose();
        _end.Dispose();
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync(buffer, _end.Token);
                lock (_states) _states.AddRange(Encoding.UTF8.GetString(buffer, 0, received).Split('\n'));
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
