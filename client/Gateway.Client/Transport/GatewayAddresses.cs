using System.Net;
using System.Net.Sockets;

namespace Gateway.Client.Transport;

/// <summary>
/// The addresses of the gateway, and those that their host names have. NetMQ uses only the first IPv4 address and blocks the caller's
/// thread for the lookup. This class resolves the names in the background for each connection and tries the addresses in turn: first the
/// one that answered last, then those that have not failed since. Owned by the poller's thread; a lookup ends on any thread.
/// </summary>
internal sealed class GatewayAddresses
{
    private readonly Func<string, Task<IPAddress[]>> _resolve;
    private readonly IReadOnlyList<(string Host, int Port)> _names;
    private readonly HashSet<Place> _failed = [];
    private Place? _good;
    private Place? _current;

    /// <summary>The one that answered last as a standby: it may be the gateway soon, while one that is silent may be lost.</summary>
    private Place? _standby;
    private bool _hasAnswered;
    private Task<Found>? _lookup;

    /// <param name="addresses">Each as <c>tcp://host:port</c>.</param>
    /// <param name="resolve">Returns the addresses of a name, in the order of the system's preference.</param>
    public GatewayAddresses(IReadOnlyList<string> addresses, Func<string, Task<IPAddress[]>> resolve)
    {
        _names = [.. addresses.Select(address => new Uri(address)).Select(uri => (uri.DnsSafeHost, uri.Port))];
        _resolve = resolve;
    }

    /// <summary>There are addresses besides the one tried last, and none has answered yet.</summary>
    public bool HasOthers { get; private set; }

    /// <summary>The number of complete rounds of failures since an address last answered.</summary>
    public int Rounds { get; private set; }

    /// <summary>The name with the address tried last, if that says more than the configured address; for logs.</summary>
    public string Tried
    {
        get
        {
            if (_current is not { } tried) return "";
            if (tried.EndPoint.Address.ToString() != tried.Host) return $"{tried.Host} at {tried.EndPoint}: ";
            return _names.Count > 1 ? $"{tried.EndPoint}: " : "";
        }
    }

    /// <summary>The lookup has ended.</summary>
    public bool IsFound => _lookup is { IsCompleted: true };

    /// <summary>Starts a lookup unless one is running; it never fails.</summary>
    public Task Look() => _lookup is { IsCompleted: false } ? _lookup : _lookup = FindAsync();

    /// <summary>Returns the next address to try after a lookup; null with a reason if the names have none.</summary>
    public string? Take(out string failure)
    {
        var found = _lookup!.Result;
        failure = found.Failure;
        _hasAnswered = false;
        if (found.Places.Count == 0) return null;
        if (found.Places.All(_failed.Contains))
        {
            _failed.Clear();
            Rounds++;
        }

        var first = Rounds > 0 ? _standby ?? _good : _good;
        _current = found.Places.Where(place => !_failed.Contains(place)).OrderByDescending(place => place == first).First();
        HasOthers = found.Places.Count > 1;
        return $"tcp://{_current.EndPoint}";
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
        _standby = null;
        HasOthers = false;
        Rounds = 0;
        _failed.Clear();
    }

    /// <summary>Records that the process at the last address stands by.</summary>
    public void OnStandby() => _standby = _current;

    private async Task<Found> FindAsync()
    {
        var found = await Task.WhenAll(_names.Select(name => FindAsync(name.Host, name.Port))).ConfigureAwait(false);
        return new Found(
            [.. found.SelectMany(one => one.Places)], string.Join("; ", found.Select(one => one.Failure).Where(why => why.Length > 0)));
    }

    private async Task<Found> FindAsync(string host, int port)
    {
        if (IPAddress.TryParse(host, out var literal)) return new Found([new Place(host, new IPEndPoint(literal, port))], "");
        try
        {
            return await _resolve(host).ConfigureAwait(false) is { Length: > 0 } addresses
                ? new Found([.. addresses.Select(address => new Place(host, new IPEndPoint(address, port)))], "")
                : new Found([], $"{host} has no address");
        }
        catch (SocketException e)
        {
            return new Found([], $"{host} has no address: {e.Message}");
        }
    }

    private sealed record Place(string Host, IPEndPoint EndPoint);

    private sealed record Found(IReadOnlyList<Place> Places, string Failure);
}
