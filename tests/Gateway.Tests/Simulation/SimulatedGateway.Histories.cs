using Gateway.Links.Causes;
using Gateway.Store;
using Gateway.Store.Messages;
using Gateway.Store.State;

namespace Gateway.Tests.Simulation;

/// <summary>The events of a gateway's store beside the gateway: it is copied, put back, and given a new identity.</summary>
internal sealed partial class SimulatedGateway
{
    /// <summary>It began with a copy of another gateway's store.</summary>
    public bool IsCopy => Label == SimulationProfile.CopyName;

    /// <summary>Whether the messages of this queue arrived at the original, and are consumed there.</summary>
    public bool IsOriginals(QueueId queue) => IsCopy && queue.Kind == QueueKind.Inbound;

    /// <summary>It has the name of another gateway.</summary>
    public bool HasOthersName => Name != Label;

    /// <summary>Its store is, or was, there in two histories.</summary>
    public bool HasTwoHistories { get; private set; }

    /// <summary>How often its store was put back or got a new identity.</summary>
    public int Histories { get; private set; }

    public IEnumerable<LinkStatus> Links => _core is { } core ? core.Outgoing.Values.Select(link => link.Status) : [];

    /// <summary>
    /// The store as it is, to be put back later. Null when it cannot be copied now, or the ledger does not know what is in it.
    /// </summary>
    public StoreCopy? TakeCopy() => _inDoubt is not null || (IsRunning && Storage.HasDisk)
        ? null
        : new StoreCopy(Storage.Copy(), ledger.Copy(Label), IsRunning ? network.LivesOfAll() : null);

    /// <summary>The process is killed, and a copy takes the place of its store.</summary>
    public void PutBack(StoreCopy copy)
    {
        Crash(losesPower: false);
        _inDoubt = null;
        Histories++;
        HasTwoHistories = true;
        Storage.PutBack(copy.Storage);
        ledger.PutBack(Label, copy.Ledger, sender => copy.Lives is not { } lives
            || IsStillInRun(sender, lives[sender]), isWithinRun: copy.Lives is not null);
    }

    private bool IsStillInRun(string other, int life) => network[other] is { IsRunning: true } gateway && gateway.Lives == life;

    /// <summary>Begins on a copy of another one's store, under a name of its own, or under the other's.</summary>
    public void BeginWith(StoreCopy copy, SimulatedGateway original, bool hasOthersName)
    {
        HasTwoHistories = original.HasTwoHistories = true;
        if (hasOthersName) Name = original.Name;
        Storage.PutBack(copy.Storage);
        ledger.Clone(Label, copy.Ledger);
    }

    /// <summary>
    /// An operator does what the advice says: stops it, and gives its store an identity of its own, and a name if it has none. False when
    /// the disk refuses.
    /// </summary>
    public bool Renew()
    {
        if (IsRunning) Stop();
        return TryDisk(() =>
        {
            var store = OpenStore();
            foreach (var queue in store.State.Queues.Where(queue => queue.Id.Kind == QueueKind.Outgoing && queue.Messages > 0))
            {
                var note = SentNote.Parse(store.State.Marks.GetValueOrDefault(MarkNames.SentUpTo + queue.Id.Name));
                ledger.Renewed(Label, queue.Id, queue.FirstNumber, note?.InDoubtUpTo ?? queue.LastNumber);
            }

            store.Renew(NewGuid());
            store.Close();
            Storage.OnEnded(losesPower: false);
            Histories++;
            Name = Label;
        });
    }

    /// <summary>The link to a peer has lost messages that the peer had acknowledged, and says so.</summary>
    public void SayLost(SimulatedGateway peer) => ledger.Told(Label, peer.Label);

    /// <summary>Another gateway has this one's name, or had it lately: its hello may still come when it is gone.</summary>
    public bool HasDouble => network.All.Any(other => other != this && ((other.IsRunning && other.Name == Name)
        || (other._ended is { } ended && ended.Name == Name && clock.Now - ended.At < _lately)));

    /// <summary>Opens the store, and enters what was written before an end and not known to be.</summary>
    private MessageStore OpenStore()
    {
        if (pair is not null) return OpenHeld(pair);
        var store = MessageStore.Open(Storage.Open(), profile.Store, NewGuid());
        if (_inDoubt is { } group && store.State.Marks.GetValueOrDefault(GroupMark) == group.Mark)
            group.Enter(ledger, Label, store.State, profile);
        _inDoubt = null;
        return store;
    }
}

/// <summary>A store as it was.</summary>
/// <param name="Lives">When its gateway was running then: which life of each gateway that was. Null when it was not.</param>
internal sealed record StoreCopy(StorageCopy Storage, LedgerCopy Ledger, IReadOnlyDictionary<string, int>? Lives);
