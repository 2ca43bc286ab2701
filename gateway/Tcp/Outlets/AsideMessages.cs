namespace Gateway.Tcp.Outlets;

/// <summary>
/// The numbers of the messages that an outlet has looked at, and whose conversations cannot use them yet: they stay in the store, and do
/// not hold up those behind them. Owned by its outlet.
/// </summary>
internal sealed class AsideMessages
{
    public const int MessagesMax = 100_000;

    private readonly Dictionary<string, Aside> _conversations = [];
    private int _count;

    /// <summary>No more may be added.</summary>
    public bool IsFull => _count >= MessagesMax;

    public bool IsEmpty => _count == 0;

    /// <summary>The conversations of which messages are set aside.</summary>
    public IEnumerable<string> Conversations => _conversations.Keys;

    public bool Contains(string conversation) => _conversations.ContainsKey(conversation);

    /// <summary>The lowest number of a conversation that has some.</summary>
    public long FirstOf(string conversation) => _conversations[conversation].Numbers.Min;

    public void Add(OutletMessage message)
    {
        if (!_conversations.TryGetValue(message.Conversation, out var aside)) _conversations[message.Conversation] = aside = new Aside();
        if (aside.Numbers.Add(message.Number)) _count++;
    }

    /// <summary>The numbers to ask for; null if they are asked for already, or there are none.</summary>
    public IReadOnlyList<long>? Ask(string conversation)
    {
        if (!_conversations.TryGetValue(conversation, out var aside) || aside.Asked.Count > 0) return null;
        return aside.Asked = [.. aside.Numbers];
    }

    /// <summary>Those asked for up to this number come now, or are gone. Others may have been set aside meanwhile.</summary>
    public void OnAnswered(string conversation, long upTo)
    {
        if (!_conversations.TryGetValue(conversation, out var aside)) return;
        _count -= aside.Asked.Count(number => number <= upTo && aside.Numbers.Remove(number));
        aside.Asked = [];
        if (aside.Numbers.Count == 0) _conversations.Remove(conversation);
    }

    private sealed class Aside
    {
        public SortedSet<long> Numbers { get; } = [];

        /// <summary>Those asked for; empty while no answer is awaited.</summary>
        public IReadOnlyList<long> Asked { get; set; } = [];
    }
}
