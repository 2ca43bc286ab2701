using System.Text.Json;
using Gateway.Client.Wire;
using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.State;

namespace Gateway.Management;

/// <summary>The record of operators' acts, kept by the store. Owned by the loop.</summary>
/// <param name="events">Receives each entry.</param>
internal sealed class AuditTrail(IStoreInput store, EventTail events)
{
    /// <summary>
    /// The limit of a text in UTF-8. JSON escaping makes it up to six times as large, and there are three texts, which leaves room for the
    /// rest in a store event.
    /// </summary>
    private const int TextBytesMax = 800;

    private readonly Queue<AuditEntry> _entries = [];

    /// <summary>The entries, latest first; for a completed operation only its end.</summary>
    public IReadOnlyList<AuditEntry> Entries => [.. _entries.Reverse().DistinctBy(entry => entry.Id)];

    /// <summary>Restores an entry of an earlier run.</summary>
    public void Restore(StoredEvent kept)
    {
        try
        {
            if (JsonSerializer.Deserialize<AuditEntry>(kept.Payload.Span, JsonSerializerOptions.Web) is { } entry) Keep(entry);
        }
        catch (JsonException)
        {
            // A newer version wrote an entry unknown to this one.
        }
    }

    /// <summary>
    /// Adds an entry. It is durable with the next committed group, before or together with everything submitted after it.
    /// </summary>
    public void Add(AuditEntry entry)
    {
        var cut = entry with
        {
            Who = WireText.Cut(entry.Who, TextBytesMax),
            About = WireText.Cut(entry.About, TextBytesMax),
            Text = WireText.Cut(entry.Text, TextBytesMax)
        };
        Keep(cut);
        store.Submit(new AppendEventCommand(new StoredEvent(
            EventLog.AuditTopic, cut.At.ToUnixTimeMilliseconds(), JsonSerializer.SerializeToUtf8Bytes(cut, JsonSerializerOptions.Web))));
        events.Add("audit", cut.About, $"{cut.Action} by {cut.Who}: {Figures.Messages(cut.Messages)}; {cut.Text}");
    }

    private void Keep(AuditEntry entry)
    {
        _entries.Enqueue(entry);
        if (_entries.Count > EventLog.AuditEventsMax) _entries.Dequeue();
    }
}
