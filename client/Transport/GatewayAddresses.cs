using System.Net;
using System.Net.Sockets;

namespace Gateway.Client.Transport;

/// <summary>
/// The addresses of the gateway's host name. NetMQ uses only the first IPv4 address and blocks the caller's thread for the lookup. This
/// class resolves the name in the background for each connection and tries the addresses in turn: first the one that answered last, then
/// those that have not failed since. Owned by the poller's thread; a lookup ends on any thread.
/// </summary>
internal sealed class GatewayAddresses
{
    private readonly Func<string, Task<IPAddress[]>> _resolve;
    private readonly string _host;
    private readonly int _port;
    private readonly HashSet<IPAddress> _failed = [];
    private IPAddress? _good;
    private IPAddress? _current;
    private bool _hasAnswered;
    private Task<Found>? _lookup;

    /// <param name="address">As <c>tcp://host:port</c>.</param>
    /// <param name="resolve">Returns the addresses of a name, in the order of the system's preference.</param>
    public GatewayAddresses(string address, Func<string, Task<IPAddress[]>> resolve)
    {
        var uri = new Uri(address);
        (_host, _port, _resolve) = (uri.DnsSafeHost, uri.Port, resolve);
    }

    /// <summary>The name has addresses besides the one tried last, and none has answered yet.</summary>
    public bool HasOthers { get; private set; }

    /// <summary>The number of complete rounds of failures since an address last answered.</summary>
    public int Rounds { get; private set; }

    /// <summary>The name with the address tried last; for logs.</summary>
    public string Tried => _current is null || _current.ToString() == _host ? "" : $"{_host} at {new IPEndPoint(_current, _port)}: ";

    /// <summary>The lookup has ended.</summary>
    public bool IsFound => _lookup is { IsCompleted: true };

    /// <summary>Starts a lookup unless one is running; it never fails.</summary>
    public Task Look() => _lookup is { IsCompleted: false } ? _lookup : _lookup = FindAsync();

    /// <summary>Returns the next address to try after a lookup; null with a reason if the name has none.</summary>
    public string? Take(out string failure)
    {
        var found = _lookup!.Result;
        failure = found.Failure;
        _hasAnswered = false;
        if (found.Addresses.Count == 0) return null;
        if (found.Addresses.All(_failed.Contains))
        {
            _failed.Clear();
            Rounds++;
        }

        _current = found.Addresses.Where(address => !_failed.Contains(address)).OrderByDescending(address => address.Equals(_good)).First();
        HasOthers = found.Addresses.Count > 1;
        return $"tcp://{new IPEndPoint(_current, _port)}";
    }

    /// <summary>
    /// Records the end of the connection to the last address. It counts as a failure unless the gateway had sent WELCOME.
    /// </summary>
    public void OnEnded()
    {
        if (!_hasAnswered && _current is not null) _failed.Add(_current);
    }

    /// <summary>Records a WELCOME from the gateway.</summary>
    public void OnAnswered()
    {
        if (_hasAnswered) return;
        _hasAnswered = true;
        _good = _current;
        HasOthers = false;
        Rounds = 0;
        _failed.Clear();
    }

    private async Task<Found> FindAsync()
    {
        if (IPAddress.TryParse(_host, out var literal)) return new Found([literal], "");
        try
        {
            return await _resolve(_host).ConfigureAwait(false) is
            { Length: > 0 } addresses ? new Found(addresses, "") : new Found([], $"{_host} has no address");
        }
        catch (SocketException e)
        {
            return new Found([], $"{_host} has no address: {e.Message}");
        }
    }

    private sealed record Found(IReadOnlyList<IPAddress> Addresses, string Failure);
}
