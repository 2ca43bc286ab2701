using Gateway.Inbox;
using Gateway.Links;
using Gateway.Store.Browsing;
using Gateway.Store.Messages;

namespace Gateway.Management;

/// <summary>Determines the states of messages that the store has found: only links and inboxes know them. Owned by the loop.</summary>
internal sealed class MessageStates(IReadOnlyDictionary<string, OutgoingLink> links, Inboxes inboxes, Pauses pauses, LoopClock clock)
{
    /// <summary>The entries searched in one piece when only one state is wanted.</summary>
    private const int EntriesMax = 1000;

    /// <summary>The number of messages to request from the store in order to find enough of the wanted state.</summary>
    public static int Widen(MessageState? wanted, int entriesMax) => wanted is null ? entriesMax : Math.Max(entriesMax, EntriesMax);

    /// <summary>Returns the page with the state of each message, reduced to the first wanted ones.</summary>
    public BrowsePage Tell(QueueId queue, BrowsePage page, MessageState? wanted, int entriesMax)
    {
        var told = page.Entries.Select(entry => entry with { State = StateOf(queue, entry) })
            .Where(entry => wanted is null || entry.State == wanted).Take(entriesMax + 1).ToList();
        if (told.Count <= entriesMax) return page with { Entries = told };
        told.RemoveAt(entriesMax);
        return page with { Entries = told, ScannedUpTo = told[^1].Number, IsEnd = false };
    }

    private MessageState StateOf(QueueId queue, BrowseEntry entry)
    {
        var rest = pauses.Of(queue) is null ? MessageState.Waiting : MessageState.Paused;
        if (queue.Kind == QueueKind.Inbound)
        {
            if (inboxes.IsLeased(queue, entry.Number)) return MessageState.Leased;
            return entry.NotBeforeUnixMs > clock.NowUnixMs ? MessageState.Delayed : rest;
        }

        if (links.GetValueOrDefault(queue.Peer) is not { } link) return rest;
        if (entry.Number <= link.UnderWay.SentUpTo(queue)) return MessageState.Sent;
        if (entry.Number <= link.UnderWay.InDoubtUpTo(queue)) return MessageState.InDoubt;
        return pauses.Of(queue.Peer) is null ? rest : MessageState.Paused;
    }
}
