using System.Text.Json;
using Gateway.Client.Wire;
using Gateway.Links;
using Gateway.Store;
using Gateway.Store.Messages;
using Gateway.Store.State;

namespace Gateway.Management;

/// <summary>
/// The peers and queues paused by operators. The store keeps them, so that a restart releases nothing. Owned by the loop.
/// </summary>
internal sealed class Pauses(IReadOnlyDictionary<string, OutgoingLink> links, QueueGates gates, IStoreInput store)
{
    private const int TextBytesMax = 800;

    private readonly Dictionary<string, Pause> _pauses = [];

    /// <summary>Queues that are resumed as soon as that is durable.</summary>
    private readonly HashSet<QueueId> _resuming = [];

    public Pause? Of(string peer) => _pauses.GetValueOrDefault(MarkNames.PausedPeer + peer);

    public Pause? Of(QueueId queue) => _pauses.GetValueOrDefault(MarkNames.PauseOf(queue));

    /// <summary>Restores the pauses kept by the store; called before links and inboxes start.</summary>
    public void Restore(IReadOnlyDictionary<string, string> marks)
    {
        foreach (var (name, note) in marks)
        {
            if (Read(note) is not { } pause) continue;
            if (name.StartsWith(MarkNames.PausedPeer, StringComparison.Ordinal)
                && links.TryGetValue(name[MarkNames.PausedPeer.Length..], out var link)) link.Pause(Describe(pause));
            else if (MarkNames.PausedQueue(name) is { } queue) gates.Shut(queue);
            else continue;
            _pauses[name] = pause;
        }
    }

    /// <summary>Likewise for a peer that another configuration has added, before its link starts.</summary>
    public void Restore(string peer, IReadOnlyDictionary<string, string> marks)
    {
        var name = MarkNames.PausedPeer + peer;
        if (marks.TryGetValue(name, out var note) && Read(note) is { } pause)
        {
            _pauses[name] = pause;
            links[peer].Pause(Describe(pause));
        }

        var paused = _pauses.Keys.Select(MarkNames.PausedQueue).OfType<QueueId>();
        foreach (var queue in paused.Concat(_resuming).Where(queue => queue.Kind == QueueKind.Outgoing && queue.Peer == peer))
            gates.Shut(queue);
    }

    /// <param name="done">Called once the pause is durable. It takes effect at once.</param>
    public void Pause(string peer, Pause pause, Action done)
    {
        if (!_pauses.ContainsKey(MarkNames.PausedPeer + peer)) links[peer].Pause(Describe(pause));
        Keep(MarkNames.PausedPeer + peer, pause, done);
    }

    public void Pause(QueueId queue, Pause pause, Action done)
    {
        if (!_pauses.ContainsKey(MarkNames.PauseOf(queue))) gates.Shut(queue);
        Keep(MarkNames.PauseOf(queue), pause, done);
    }

    /// <summary>Resumes only once that is durable: after a crash the peer is still paused, which does no harm.</summary>
    public void Resume(string peer, Action done) => Forget(MarkNames.PausedPeer + peer, () =>
    {
        // It may have left the configuration meanwhile.
        if (links.TryGetValue(peer, out var link)) link.Resume();
        done();
    });

    public void Resume(QueueId queue, Action done)
    {
        var wasPaused = _pauses.ContainsKey(MarkNames.PauseOf(queue));
        if (wasPaused) _resuming.Add(queue);
        Forget(MarkNames.PauseOf(queue), () =>
        {
            if (wasPaused && _resuming.Remove(queue)) gates.Open(queue);
            done();
        });
    }

    private static string Describe(Pause pause) =>
        $"paused by {pause.Who} at {Figures.Time(pause.At)}{(pause.Why.Length > 0 ? $": {pause.Why}" : "")}";

    private static Pause? Read(string note)
    {
        try
        {
            return JsonSerializer.Deserialize<Pause>(note, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Keep(string key, Pause pause, Action done)
    {
        var cut = pause with { Who = WireText.Cut(pause.Who, TextBytesMax), Why = WireText.Cut(pause.Why, TextBytesMax) };
        _pauses[key] = cut;
        store.Submit(new MarkCommand(key, JsonSerializer.Serialize(cut, JsonSerializerOptions.Web), done));
    }

    private void Forget(string key, Action done)
    {
        _pauses.Remove(key);
        store.Submit(new MarkCommand(key, "", done));
    }
}
