using Gateway.Store.Messages;

namespace Gateway.Management;

/// <summary>A route in force, with the standing of its destinations.</summary>
/// <param name="Queue">The bare name to which applications send.</param>
/// <param name="KeyHeader">The header with the key of a message; empty unless the mode is <see cref="RouteMode.Partition"/>.</param>
internal sealed record RouteSummary(string Queue, RouteMode Mode, string KeyHeader, IReadOnlyList<RouteTarget> Targets);

/// <summary>One destination of a route.</summary>
/// <param name="Destination">As the configuration names it, <c>queue@peer</c>.</param>
/// <param name="Queue">The queue of this gateway in which its messages wait.</param>
/// <param name="IsUp">What is put into the queue goes on at once.</param>
/// <param name="Messages">The messages that wait in it.</param>
internal sealed record RouteTarget(string Destination, QueueId Queue, bool IsUp, long Messages);
