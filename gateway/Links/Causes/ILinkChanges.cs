namespace Gateway.Links.Causes;

/// <summary>Stores the changes of links for later runs, and reports them to operators and applications.</summary>
internal interface ILinkChanges
{
    /// <summary>The link to a peer has changed, and its history has a new entry, which is not durable yet. Called on the loop.</summary>
    void OnChanged(string peer, LinkChange change);

    /// <summary>The link to a peer has changed, whether its history has an entry for it or only counts it. Called on the loop.</summary>
    void OnHappened(string peer, LinkChange change);
}
