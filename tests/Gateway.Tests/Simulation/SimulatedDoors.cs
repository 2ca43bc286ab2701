using Gateway.Tcp;
using Gateway.Tcp.Inlets;

namespace Gateway.Tests.Simulation;

/// <summary>The listener of a simulated gateway's inlet, and all connections to it.</summary>
internal sealed class SimulatedDoors(SimulatedGateway gateway, Random random) : IInletDoors
{
    private readonly List<SimulatedProgramSocket> _sockets = [];
    private Door? _door;

    /// <summary>Nobody is accepted at the moment.</summary>
    private bool _isHeld;

    /// <summary>The connections on which something may happen.</summary>
    public IReadOnlyList<SimulatedProgramSocket> Sockets => _sockets;

    public InletOpening Open(InletSettings settings, IVisitors visitors, bool isHeld)
    {
        _isHeld = isHeld;
        _door = new Door(this, visitors);
        return new InletOpening(_door, settings.Address);
    }

    /// <summary>Connects a program; null while nobody listens.</summary>
    public SimulatedProgramSocket? TryConnect(int sender)
    {
        _sockets.RemoveAll(socket => socket.IsOver);
        if (_door is not { } door || _isHeld || !gateway.IsRunning || gateway.IsFrozen) return null;
        var socket = new SimulatedProgramSocket(gateway, random);
        _sockets.Add(socket);
        var host = $"10.0.0.{sender}";
        gateway.Event(() => socket.Heard = door.Visitors.OnAccepted(socket, host, $"{host}:{5000 + _sockets.Count}"));
        return socket;
    }

    public void OnGatewayEnded()
    {
        _door = null;
        foreach (var socket in _sockets) socket.EndGateway();
        _sockets.Clear();
    }

    private sealed class Door(SimulatedDoors doors, IVisitors visitors) : IInletDoor
    {
        public IVisitors Visitors => visitors;

        public void Hold() => doors._isHeld = true;

        public void LetGo() => doors._isHeld = false;

        public void Close()
        {
            if (doors._door == this) doors._door = null;
            visitors.OnDoorClosed();
        }
    }
}
