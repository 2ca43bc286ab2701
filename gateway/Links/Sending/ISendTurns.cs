namespace Gateway.Links.Sending;

/// <summary>The link that sends the messages of its queues in turn.</summary>
internal interface ISendTurns
{
    /// <summary>The queue may have new messages to send. Called on the loop.</summary>
    void OnMore(OutgoingQueue queue);
}
