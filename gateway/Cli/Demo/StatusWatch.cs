using Gateway.Cli.Api;
using Gateway.Http.Views;

namespace Gateway.Cli.Demo;

/// <summary>Polls a gateway's state and records each change of its links in the journal.</summary>
/// <param name="addresses">Those of the HTTP APIs of the gateway's processes, of which one is active.</param>
internal sealed class StatusWatch(string name, string[] addresses, DemoJournal journal, TimeProvider time)
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, string> _links = [];
    private volatile GatewayView? _latest;

    public string Name => name;

    /// <summary>The latest state; null while the gateway does not answer.</summary>
    public GatewayView? Latest => _latest;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var tick = new PeriodicTimer(_interval, time);
        do
        {
            _latest = await LookAsync(cancellationToken);
            foreach (var link in _latest?.Peers ?? [])
                Note(link);
        }
        while (await tick.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>The state of the process that is active; null if none answers.</summary>
    public async Task<GatewayView?> LookAsync(CancellationToken cancellationToken)
    {
        foreach (var address in addresses)
        {
            try
            {
                using var http = ApiClient.HttpTo(new Uri(address));
                return await new ApiClient(http, _patience, time).ReadStateAsync(cancellationToken);
            }
            catch (ApiException)
            {
                // Another process may be the active one.
            }
        }

        return null;
    }

    private void Note(LinkView link)
    {
        var after = link.LastInterruption is { } last ? $", after {last.Cause}" : "";
        var state = $"{DemoLine.Describe(link)}{after}";
        if (_links.GetValueOrDefault(link.Peer) == state)
            return;

        _links[link.Peer] = state;
        var advice = string.IsNullOrEmpty(link.Advice) ? "" : $". {link.Advice}";
        journal.Note($"link {name} → {link.Peer}: {state}{advice}");
    }
}
