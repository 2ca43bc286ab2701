namespace Gateway.Links.Fleet;

/// <summary>What a peer last made of the question for its summary.</summary>
internal enum PeerAnswer
{
    /// <summary>It was not asked yet, or the answer is on its way.</summary>
    None,

    /// <summary>It answered with a summary.</summary>
    Summary,

    /// <summary>It does not know the question: it runs an older version.</summary>
    NotKnown,

    /// <summary>Its answer could not be read.</summary>
    Unreadable,

    /// <summary>It is connected and did not answer in time.</summary>
    Silent,
}
