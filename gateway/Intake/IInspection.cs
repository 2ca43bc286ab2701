using Gateway.Store;

namespace Gateway.Intake;

/// <summary>How the link to a peer is, in the words that applications are told it in.</summary>
internal sealed record PeerState(string Name, string State, string Cause, string Text);

/// <summary>What applications may ask about their gateway. Called and answering on the loop.</summary>
internal interface IInspection
{
    /// <summary>Answers why the gateway takes no messages now, in a sentence for people; empty when it does.</summary>
    void FindObstacle(Action<string> answer);

    /// <summary>Answers how many messages wait in a queue, and their bytes; none in one that is not there.</summary>
    void Count(QueueId queue, Action<(long Messages, long Bytes)> answer);

    /// <summary>How the link to a peer is; null if there is no such peer.</summary>
    PeerState? StateOf(string peer);
}
