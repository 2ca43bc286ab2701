using Gateway.Cli.Api;
using Gateway.Http.Views;

namespace Gateway.Cli.Demo;

/// <summary>Polls a gateway's state and records each change of its links in the journal.</summary>
/// <param name="address">The address of the gateway's HTTP API.</param>
internal sealed class StatusWatch(string name, string address, DemoJournal journal, TimeProvider time)
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
        using var http = ApiClient.HttpTo(new Uri(address));
        var client = new ApiClient(http, _patience, time);
        using var tick = new PeriodicTimer(_interval, time);
        do
        {
            try
            {
                _latest = await client.ReadStateAsync(cancellationToken);
            }
            catch (ApiException)
            {
                _latest = null;
            }

            foreach (var link in _latest?.Peers ?? [])
                Note(link);
        }
        while (await tick.WaitForNextTickAsync(cancellationToken));
    }

    private void Note(LinkView link)
    {
        var state = DemoLine.Describe(link);
        if (_links.GetValueOrDefault(link.Peer) == state)
            return;

        _links[link.Peer] = state;
        var advice = string.IsNullOrEmpty(link.Advice) ? "" : $". {link.Advice}";
        journal.Note($"link {name} → {link.Peer}: {state}{advice}");
    }
}
