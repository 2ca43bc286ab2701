namespace Gateway.Links.Fleet;

/// <summary>The gateway's own state, for the peers that ask for it.</summary>
internal interface ISummarySource
{
    /// <summary>
    /// A configured peer asks for the summary. Called on the loop; the answer comes on it too, at once or later, or, if the peer asks too
    /// often, never.
    /// </summary>
    void Ask(string peer, Action<GatewaySummary> answer);
}
