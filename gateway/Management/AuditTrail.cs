using System.Text.Json;
using Gateway.Client.Wire;
using Gateway.Store;
using Gateway.Store.Commands;

namespace Gateway.Management;

/// <summary>What operators did, kept by the store. Owned by the loop.</summary>
/// <param name="told">Is told of each entry.</param>
internal sealed class AuditTrail(Action<StoreCommand> submit, Action<AuditEntry> told)
{
    /// <summary>
    /// In UTF-8; six times as much where JSON has to escape it, three times, which leaves room for the rest in an event of the store.
    /// </summary>
    private const int TextBytesMax = 800;

    private readonly Queue<AuditEntry> _entries = [];

    /// <summary>The latest first; of an operation that has ended its end alone.</summary>
    public IReadOnlyList<AuditEntry> Entries => [.. _entries.Reverse().DistinctBy(entry => entry.Id)];

    /// <summary>An entry that an earlier run kept.</summary>
    public void Restore(StoredEvent kept)
    {
        try
        {
            if (JsonSerializer.Deserialize<AuditEntry>(kept.Payload.Span, JsonSerializerOptions.Web) is { } entry) Keep(entry);
        }
        catch (JsonException)
        {
            // A newer version wrote what this one does not know.
        }
    }

    /// <summary>Kept with the next group that is committed, before or together with whatever is submitted after it.</summary>
    public void Add(AuditEntry entry)
    {
        var cut = entry with
        {
            Who = WireText.Cut(entry.Who, TextBytesMax),
            About = WireText.Cut(entry.About, TextBytesMax),
            Text = WireText.Cut(entry.Text, TextBytesMax)
        };
        Keep(cut);
        submit(new AppendEventCommand(new StoredEvent(
            EventLog.AuditTopic, cut.At.ToUnixTimeMilliseconds(), JsonSerializer.SerializeToUtf8Bytes(cut, JsonSerializerOptions.Web))));
        told(cut);
    }

    private void Keep(AuditEntry entry)
    {
        _entries.Enqueue(entry);
        if (_entries.Count > EventLog.AuditEventsMax) _entries.Dequeue();
    }
}
