using System.Text.Json;
using Gateway.Client.Wire;
using Gateway.Links;
using Gateway.Store;
using Gateway.Store.Messages;
using Gateway.Store.State;
using Gateway.Tcp;

namespace Gateway.Management;

/// <summary>
/// The peers, queues and inlets paused by operators. The store keeps them, so that a restart releases nothing. Owned by the loop.
/// </summary>
internal sealed class Pauses(
    IReadOnlyDictionary<string, OutgoingLink> links, QueueGates gates, IInletPauses inlets, IStoreInput store)
{
    private const int TextBytesMax = 800;

    private readonly Dictionary<string, Pause> _pauses = [];

    /// <summary>The marks of the peers, queues and inlets that are stopped: paused, or not resumed yet.</summary>
    private readonly HashSet<string> _stopped = [];

    /// <summary>By mark, the orders to resume that are not durable yet: the last of them takes effect.</summary>
    private readonly Dictionary<string, int> _resuming = [];

    public Pause? Of(string peer) => _pauses.GetValueOrDefault(MarkNames.PausedPeer + peer);

    public Pause? Of(QueueId queue) => _pauses.GetValueOrDefault(MarkNames.PauseOf(queue));

    public Pause? OfInlet(string inlet) => _pauses.GetValueOrDefault(MarkNames.PausedInlet + inlet);

    /// <summary>Restores the pauses kept by the store; called before links, inboxes and inlets start.</summary>
    public void Restore(IReadOnlyDictionary<string, string> marks)
    {
        foreach (var (name, note) in marks)
        {
            if (Read(note) is not { } pause) continue;
            if (name.StartsWith(MarkNames.PausedPeer, StringComparison.Ordinal)
                && links.TryGetValue(name[MarkNames.PausedPeer.Length..], out var link)) link.Pause(pause.ToString());
            else if (MarkNames.PausedQueue(name) is { } queue) gates.Shut(queue);
            else if (name.StartsWith(MarkNames.PausedInlet, StringComparison.Ordinal))
                inlets.PauseInlet(name[MarkNames.PausedInlet.Length..]);
            else continue;
            Restore(name, pause);
        }
    }

    /// <summary>Likewise for a peer that another configuration has added, before its link starts.</summary>
    public void Restore(string peer, IReadOnlyDictionary<string, string> marks)
    {
        var name = MarkNames.PausedPeer + peer;
        if (marks.TryGetValue(name, out var note) && Read(note) is { } pause)
        {
            links[peer].Pause(pause.ToString());
            Restore(name, pause);
        }

        foreach (var queue in _stopped.Select(MarkNames.PausedQueue).OfType<QueueId>())
        {
            if (queue.Kind == QueueKind.Outgoing && queue.Peer == peer) gates.Shut(queue);
        }
    }

    /// <param name="done">Called once the pause is durable. It takes effect at once.</param>
    public void Pause(string peer, Pause pause, Action done)
    {
        var key = MarkNames.PausedPeer + peer;
        _stopped.Add(key);
        if (!_pauses.ContainsKey(key)) links[peer].Pause(pause.ToString());
        Keep(key, pause, done);
    }

    public void Pause(QueueId queue, Pause pause, Action done)
    {
        var key = MarkNames.PauseOf(queue);
        if (_stopped.Add(key)) gates.Shut(queue);
        Keep(key, pause, done);
    }

    public void PauseInlet(string inlet, Pause pause, Action done)
    {
        var key = MarkNames.PausedInlet + inlet;
        if (_stopped.Add(key)) inlets.PauseInlet(inlet);
        Keep(key, pause, done);
    }

    /// <summary>
    /// Resumes only once that is durable, and not if the peer was paused again meanwhile. After a crash it may still be paused, which does
    /// no harm.
    /// </summary>
    public void Resume(string peer, Action done) => Forget(MarkNames.PausedPeer + peer, done, () =>
    {
        // It may have left the configuration meanwhile.
        if (links.TryGetValue(peer, out var link)) link.Resume();
    });

    /// <summary>Likewise.</summary>
    public void Resume(QueueId queue, Action done) => Forget(MarkNames.PauseOf(queue), done, () => gates.Open(queue));

    /// <summary>Likewise.</summary>
    public void ResumeInlet(string inlet, Action done) =>
        Forget(MarkNames.PausedInlet + inlet, done, () => inlets.ResumeInlet(inlet));

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

    /// <summary>A pause that an order to resume has overtaken at the start is not in force any more.</summary>
    private void Restore(string key, Pause pause)
    {
        _stopped.Add(key);
        if (!_resuming.ContainsKey(key)) _pauses.TryAdd(key, pause);
    }

    /// <param name="open">Called if this ends the stop.</param>
    private void Forget(string key, Action done, Action open)
    {
        _pauses.Remove(key);
        _resuming[key] = _resuming.GetValueOrDefault(key) + 1;
        store.Submit(new MarkCommand(key, "", () =>
        {
            if (IsLastResumed(key) && _stopped.Remove(key)) open();
            done();
        }));
    }

    /// <summary>An order to resume is durable. True if it is the last, and no later one has paused again.</summary>
    private bool IsLastResumed(string key)
    {
        if (--_resuming[key] > 0) return false;
        _resuming.Remove(key);
        return !_pauses.ContainsKey(key);
    }
}
