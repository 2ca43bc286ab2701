using Gateway.Store.Messages;

namespace Gateway.Intake;

/// <summary>The state of the link to a peer, in the words that applications see.</summary>
internal sealed record PeerState(string Name, string State, string Cause, string Text);

/// <summary>What waits in a queue.</summary>
/// <param name="Messages">Their number.</param>
/// <param name="Bytes">Of their headers and bodies.</param>
/// <param name="OldestUnixMs">When the first of them was accepted; 0 if there is none, or it cannot be read.</param>
internal readonly record struct QueueDepth(long Messages, long Bytes, long OldestUnixMs);

/// <summary>The questions applications may ask about their gateway. Called, and answered, on the loop.</summary>
internal interface IInspection
{
    /// <summary>Answers with a sentence for people why the gateway accepts no messages now; empty if it does.</summary>
    void FindObstacle(Action<string> answer);

    /// <summary>Answers with what waits in a queue; nothing waits in an unknown one.</summary>
    void Count(QueueId queue, Action<QueueDepth> answer);

    /// <summary>The state of the link to a peer; null if there is no such peer.</summary>
    PeerState? StateOf(string peer);
}
