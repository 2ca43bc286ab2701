namespace Gateway.Client.Requests;

/// <summary>What became of a reply.</summary>
public enum ReplyOutcome
{
    /// <summary>The reply is on stable storage, and the gateway delivers it. A repetition of the same reply was accepted once.</summary>
    Sent,

    /// <summary>
    /// Another reply to this request was accepted before, as by a run of this application that ended before it completed the request. That
    /// one stands; this one was not sent.
    /// </summary>
    AnsweredBefore,
}
