using Gateway.Links.Protocol;

namespace Gateway.Tcp.Inlets;

/// <summary>Makes the listeners of inlets. Called on the loop.</summary>
internal interface IInletDoors
{
    /// <summary>Begins to listen, or says why it cannot.</summary>
    /// <param name="visitors">Hears of the connections, on the loop, later.</param>
    /// <param name="isHeld">It accepts nobody before <see cref="IInletDoor.LetGo"/>.</param>
    InletOpening Open(InletSettings settings, IVisitors visitors, bool isHeld);
}

/// <summary>The outcome of opening a listener.</summary>
/// <param name="Door">Null if the address cannot be listened on.</param>
/// <param name="Address">The address listened on, with the port that the system chose.</param>
internal sealed record InletOpening(IInletDoor? Door, string Address, LinkCause Cause = LinkCause.None, string Evidence = "");

/// <summary>A listener. Called on the loop.</summary>
internal interface IInletDoor
{
    /// <summary>
    /// Accepts nobody until <see cref="LetGo"/>: the system lets programs connect, up to its bound, and they wait. Nothing if it is so.
    /// </summary>
    void Hold();

    void LetGo();

    /// <summary>
    /// Lets in the programs that have connected, and no more. The address is free on return; connections go on. Ends with
    /// <see cref="IVisitors.OnDoorClosed"/>.
    /// </summary>
    void Close();
}
