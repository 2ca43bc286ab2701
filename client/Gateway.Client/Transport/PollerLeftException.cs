using NetMQ;

namespace Gateway.Client.Transport;

/// <summary>
/// Thrown on a poller's own thread to end <see cref="NetMQPoller.Run()"/>. Its own ways to stop travel over a loopback connection, and
/// never arrive if something on the host has cut that.
/// </summary>
internal sealed class PollerLeftException : Exception;
