using Gateway.Links.Protocol;
using Gateway.Tcp;
using Gateway.Tcp.Inlets;

namespace Gateway.Tests.Tcp.Inlets;

/// <summary>The listeners of inlets, as a test wants them.</summary>
internal sealed class FakeDoors : IInletDoors
{
    private readonly Dictionary<string, (FakeDoor Door, IVisitors Visitors)> _open = [];

    /// <summary>No address can be listened on.</summary>
    public bool AreShut { get; set; }

    public IEnumerable<string> Listening => _open.Keys.Order();

    /// <summary>The addresses at which nobody is accepted.</summary>
    public HashSet<string> Held { get; } = [];

    public InletOpening Open(InletSettings settings, IVisitors visitors, bool isHeld)
    {
        if (AreShut || _open.ContainsKey(settings.Address))
            return new InletOpening(null, "", LinkCause.LocalPolicy, "the address is taken");
        var door = new FakeDoor(this, settings.Address, () =>
        {
            _open.Remove(settings.Address);
            visitors.OnDoorClosed();
        });
        if (isHeld) door.Hold();
        else door.LetGo();
        _open.Add(settings.Address, (door, visitors));
        return new InletOpening(door, settings.Address);
    }

    public FakeProgram Connect(string address, string remote = "10.0.0.5:5000")
    {
        var program = new FakeProgram();
        program.Heard = _open[address].Visitors.OnAccepted(program, remote[..remote.IndexOf(':', StringComparison.Ordinal)], remote);
        return program;
    }

    public void Refuse(string address, long connections) => _open[address].Visitors.OnRefused(connections);

    private sealed class FakeDoor(FakeDoors doors, string address, Action onClosed) : IInletDoor
    {
        public void Hold() => doors.Held.Add(address);

        public void LetGo() => doors.Held.Remove(address);

        public void Close() => onClosed();
    }
}
