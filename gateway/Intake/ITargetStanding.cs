using Gateway.Store.Messages;

namespace Gateway.Intake;

/// <summary>The standing of the queues for which messages are bound.</summary>
internal interface ITargetStanding
{
    /// <summary>
    /// What is put into the queue goes on at once: nobody has paused it, and its link is up and the peer takes messages, or the outlet that
    /// empties it is up. Called on the loop, for each destination of each shared request; it only looks.
    /// </summary>
    bool IsUp(QueueId queue);

    /// <summary>The largest body that the queue's peer has said it takes; as large as it gets while that is not known.</summary>
    int BodyBytesMax(QueueId queue);
}
