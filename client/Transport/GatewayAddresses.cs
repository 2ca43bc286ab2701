using System.Net;
using System.Net.Sockets;

namespace Gateway.Client.Transport;

/// <summary>
/// The addresses that the gateway's name leads to. NetMQ takes the first one of IPv4 and no other, and waits on the caller's thread for the
/// name; here it is resolved afresh for each connection, elsewhere, and each address gets its turn: first the one that answered last, then
/// those that have not failed since. Belongs to the poller's thread; a lookup ends on any.
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
    /// <param name="resolve">Gives the addresses of a name, in the order of the system's preference.</param>
    public GatewayAddresses(string address, Func<string, Task<IPAddress[]>> resolve)
    {
        var uri = new Uri(address);
        (_host, _port, _resolve) = (uri.DnsSafeHost, uri.Port, resolve);
    }

    /// <summary>The name has others beside the one that was taken last, and none of them has answered yet.</summary>
    public bool HasOthers { get; private set; }

    /// <summary>How often all of them have failed since the last one that answered.</summary>
    public int Rounds { get; private set; }

    /// <summary>The name with the address that was tried last; for logs.</summary>
    public string Tried => _current is null || _current.ToString() == _host ? "" : $"{_host} at {new IPEndPoint(_current, _port)}: ";

    /// <summary>The lookup has ended.</summary>
    public bool IsFound => _lookup is { IsCompleted: true };

    /// <summary>Begins to look the name up, unless that is under way; it never fails.</summary>
    public Task Look() => _lookup is { IsCompleted: false } ? _lookup : _lookup = FindAsync();

    /// <summary>Where to connect to now, after a lookup has ended; null with a reason if the name leads nowhere.</summary>
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
    /// The connection to the address that was taken last has ended. If the gateway had said welcome on it, that is no failure.
    /// </summary>
    public void OnEnded()
    {
        if (!_hasAnswered && _current is not null) _failed.Add(_current);
    }

    /// <summary>The gateway has said welcome.</summary>
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
