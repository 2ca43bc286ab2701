using Gateway.Store.Messages;

namespace Gateway.Intake;

/// <summary>The standing of the queues among which messages are shared.</summary>
internal interface ITargetStanding
{
    /// <summary>
    /// What is put into the queue goes on at once: nobody has paused it, and its link is up and the peer takes messages, or the outlet that
    /// empties it is up. Called on the loop, for each destination of each shared request; it only looks.
    /// </summary>
    bool IsUp(QueueId queue);
}
