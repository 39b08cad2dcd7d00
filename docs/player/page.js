// @ts-check
// What the pages need besides the player: questions that can be answered, and code that scrolls by keyboard.
"use strict";

(() => {
	/**
	 * A question before the chapter tells. In the README it is a numbered list of choices, and below it, folded, a list of as many answers;
	 * here the choices become buttons, and each is answered by its own sentence.
	 */
	class PredictFirst extends HTMLElement {
		connectedCallback() {
			const choices = this.querySelector(":scope > ol");
			const details = /** @type {HTMLElement | null} */ (this.querySelector(":scope > details"));
			const answers = details?.querySelectorAll("ol > li") ?? [];
			if (!choices || !details || answers.length !== choices.children.length) return;
			const said = document.createElement("div");
			said.className = "pf-said";
			said.setAttribute("role", "status");
			const question = this.querySelector("p");
			if (question) question.id = `question-${[...document.querySelectorAll("predict-first")].indexOf(this) + 1}`;
			this.setAttribute("role", "group");
			this.setAttribute("aria-labelledby", question?.id ?? "");
			[...choices.children].forEach((choice, index) => {
				const button = document.createElement("button");
				button.type = "button";
				button.className = "pf-choice";
				// A link in a button would be two things to press.
				button.innerHTML = choice.innerHTML.replace(/<\/?(a|p)\b[^>]*>/g, "");
				const right = answers[index].querySelector("strong")?.textContent?.startsWith("Right") ?? false;
				button.addEventListener("click", () => {
					for (const other of choices.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button));
					button.dataset.judged = right ? "right" : "wrong";
					said.className = `pf-said pf-${button.dataset.judged}`;
					said.innerHTML = answers[index].innerHTML;
				});
				choice.replaceChildren(button);
			});
			details.before(said);
			details.hidden = true;
			this.classList.add("pf-on");
		}
	}

	customElements.define("predict-first", PredictFirst);

	// What is wider than its place can be scrolled by keyboard only if it can have the focus.
	const wide = new ResizeObserver((entries) => {
		for (const { target } of entries) {
			if (target.scrollWidth > target.clientWidth) target.setAttribute("tabindex", "0");
			else target.removeAttribute("tabindex");
		}
	});
	for (const element of document.querySelectorAll("main pre:not(.tl-code) > code, main .table-wrapper")) wide.observe(element);
})();
