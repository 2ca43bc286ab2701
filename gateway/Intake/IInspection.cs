using Gateway.Store.Messages;

namespace Gateway.Intake;

/// <summary>The state of the link to a peer, in the words that applications see.</summary>
internal sealed record PeerState(string Name, string State, string Cause, string Text);

/// <summary>The questions applications may ask about their gateway. Called, and answered, on the loop.</summary>
internal interface IInspection
{
    /// <summary>Answers with a sentence for people why the gateway accepts no messages now; empty if it does.</summary>
    void FindObstacle(Action<string> answer);

    /// <summary>Answers with the number of messages waiting in a queue, and their bytes; 0 for an unknown queue.</summary>
    void Count(QueueId queue, Action<(long Messages, long Bytes)> answer);

    /// <summary>The state of the link to a peer; null if there is no such peer.</summary>
    PeerState? StateOf(string peer);
}
