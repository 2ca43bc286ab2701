using Gateway.Links.Causes;
using Gateway.Links.Protocol;

namespace Gateway.Tcp.Inlets;

/// <summary>What to do about the cause of an inlet.</summary>
internal static class InletAdvice
{
    /// <param name="isListening">It listens, and holds programs back.</param>
    public static string For(LinkCause cause, bool isListening) => (cause, isListening) switch
    {
        (LinkCause.None, _) => "",
        (_, false) => "Stop the program that has taken the address, or correct the Address of the inlet. It tries again by itself.",
        (LinkCause.NoRoute, _) => "Correct the Destination of the inlet, or add the peer or route that it names. Programs are held back "
            + "until then, and lose nothing.",
        _ => LinkAdvice.For(cause),
    };
}
