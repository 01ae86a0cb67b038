// Several values in one input: chosen ones are chips, a list or a text field adds more. `chips.of(element)` reads and
// writes the values of a `.q-chips`; "change" on it tells that a person changed them.
window.chips = (() => {
  const known = new WeakMap();

  const watch = (root) => {
    const adder = root.querySelector(".q-chips-add");
    const isFree = root.dataset.free !== undefined;
    const options = [...root.querySelectorAll("option")].filter((option) => option.value);
    let values = [];
    let offers = () => true;

    const optionOf = (value) => options.find((option) => option.value === value);
    const draw = () => {
      root.querySelectorAll(".q-chip").forEach((chip) => chip.remove());
      for (const value of values) {
        const option = optionOf(value);
        const chip = document.createElement("span");
        chip.className = "q-chip";
        chip.classList.toggle("is-gone", option ? option.dataset.gone !== undefined : !isFree);
        const name = document.createElement("span");
        name.textContent = option?.textContent || value;
        const remove = document.createElement("button");
        remove.type = "button";
        remove.textContent = "×";
        remove.setAttribute("aria-label", `${root.dataset.remove} ${name.textContent}`);
        remove.addEventListener("click", () => change(values.filter((other) => other !== value)));
        chip.append(name, remove);
        adder.before(chip);
      }
      if (isFree) return;
      // Not `hidden`, which Safari ignores on options.
      const left = options.filter((o) => !values.includes(o.value) && o.dataset.gone === undefined && offers(o));
      adder.replaceChildren(adder.options[0], ...left);
      adder.value = "";
      adder.hidden = !left.length && values.length > 0;
    };
    const write = (given) => { values = [...new Set(given.map(String))]; draw(); };
    const change = (given) => { write(given); root.dispatchEvent(new Event("change", { bubbles: true })); };
    const add = () => {
      const typed = isFree ? adder.value.split(/[,，;；、]/).map((word) => word.trim()).filter(Boolean) : [adder.value];
      adder.value = "";
      if (typed.some(Boolean)) change([...values, ...typed]);
    };

    adder.addEventListener("change", (event) => { event.stopPropagation(); add(); });
    adder.addEventListener("input", (event) => event.stopPropagation());
    adder.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); if (isFree) add(); }
      if (event.key === "Backspace" && !adder.value && isFree && values.length) change(values.slice(0, -1));
    });
    const list = root.querySelector("datalist");
    if (list) {
      list.id = `suggestions-${Math.random().toString(36).slice(2)}`;
      adder.setAttribute("list", list.id);
    }
    draw();
    return {
      read: () => values,
      write,
      // Which options may be added; chosen ones that it refuses are dropped.
      offer: (test) => {
        offers = test;
        write(values.filter((value) => { const option = optionOf(value); return !option || test(option); }));
      },
    };
  };

  return {
    of: (root) => {
      if (!known.has(root)) known.set(root, watch(root));
      return known.get(root);
    },
  };
})();
