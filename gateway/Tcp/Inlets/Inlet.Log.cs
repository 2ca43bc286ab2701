using Gateway.Links.Protocol;
using Microsoft.Extensions.Logging;

namespace Gateway.Tcp.Inlets;

internal sealed partial class Inlet
{
    [LoggerMessage(EventId = 9001, Level = LogLevel.Information, Message = "Inlet {Inlet} listens on {Address}, for {Destination}.")]
    private partial void LogListening(string inlet, string address, string destination);

    [LoggerMessage(EventId = 9002, Level = LogLevel.Warning, Message = "Inlet {Inlet} does not listen, and tries again: {Evidence}.")]
    private partial void LogNotListening(string inlet, string evidence);

    [LoggerMessage(EventId = 9003, Level = LogLevel.Debug, Message = "Inlet {Inlet}: conversation {Conversation} with {Remote} has begun.")]
    private partial void LogAccepted(string inlet, string conversation, string remote);

    [LoggerMessage(EventId = 9004, Level = LogLevel.Debug, Message =
        "Inlet {Inlet}: conversation {Conversation} with {Remote} is over; frames {FramesIn}, replies {FramesOut}.")]
    private partial void LogOver(string inlet, string conversation, string remote, long framesIn, long framesOut);

    [LoggerMessage(EventId = 9005, Level = LogLevel.Warning, Message =
        "Inlet {Inlet} closed a connection on arrival: it serves {ConnectionsMax}, of one address {PerAddressMax}, or TLS failed.")]
    private partial void LogRefused(string inlet, int connectionsMax, int perAddressMax);

    [LoggerMessage(EventId = 9006, Level = LogLevel.Warning, Message =
        "Inlet {Inlet} closes conversation {Conversation} with {Remote}: {Evidence}.")]
    private partial void LogNotAFrame(string inlet, string conversation, string remote, string evidence);

    [LoggerMessage(EventId = 9007, Level = LogLevel.Warning, Message =
        "Inlet {Inlet} closes conversation {Conversation} with {Remote}: the program has read nothing for {Seconds} s.")]
    private partial void LogStuck(string inlet, string conversation, string remote, double seconds);

    [LoggerMessage(EventId = 9008, Level = LogLevel.Warning, Message = "Inlet {Inlet} holds programs back: {Cause}: {Evidence}.")]
    private partial void LogHeldBack(string inlet, LinkCause cause, string evidence);

    [LoggerMessage(EventId = 9009, Level = LogLevel.Information, Message = "Inlet {Inlet} holds programs back no more.")]
    private partial void LogGoesOn(string inlet);

    [LoggerMessage(EventId = 9010, Level = LogLevel.Warning, Message =
        "Inlet {Inlet} resets conversation {Conversation} with {Remote}: what was read from it could not be stored, frames {Frames}.")]
    private partial void LogLeft(string inlet, string conversation, string remote, int frames);

    [LoggerMessage(EventId = 9011, Level = LogLevel.Warning, Message =
        "Inlet {Inlet} resets conversation {Conversation} with {Remote}: {Evidence}.")]
    private partial void LogStalled(string inlet, string conversation, string remote, string evidence);

    [LoggerMessage(EventId = 9012, Level = LogLevel.Warning, Message =
        "Inlet {Inlet} resets conversation {Conversation} with {Remote}: {Evidence}.")]
    private partial void LogHole(string inlet, string conversation, string remote, string evidence);
}
