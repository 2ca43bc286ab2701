namespace Gateway.Client.Testing;

/// <summary>What an <see cref="InMemoryGateway"/> does with an Enqueue instead of accepting and answering it.</summary>
public enum EnqueueFault
{
    /// <summary>It is refused for now. The client repeats it by itself after some milliseconds, and the application sees nothing.</summary>
    Busy,

    /// <summary>It is refused, and the call fails with <see cref="GatewayError.StoreFull"/>.</summary>
    StoreFull,

    /// <summary>
    /// It is lost. The call fails with <see cref="GatewayError.PossiblyAccepted"/> when its
    /// <see cref="GatewayClientOptions.RequestTimeout"/> is over; the messages were not accepted.
    /// </summary>
    RequestLost,

    /// <summary>The messages are accepted, and the answer is lost. Otherwise like <see cref="RequestLost"/>.</summary>
    AnswerLost,

    /// <summary>
    /// The messages are accepted, and the connection ends before the answer. The client connects again and repeats the Enqueue by itself;
    /// it is accepted once.
    /// </summary>
    ConnectionLost,
}
